using Kernels.Abstractions;

namespace Kernels.Measurement;

/// <summary>A problem, and the name of the model or sweep that its shape comes from.</summary>
/// <param name="Shape">Such as <c>gpt2-small</c>; null for a shape that was spelled out.</param>
/// <param name="Problem">Shapes, mask and scale.</param>
public sealed record NamedProblem(string? Shape, AttentionProblem Problem)
{
    /// <summary>How many times the model of <see cref="Shape"/> has it, one after another; null where the shape is not part of a whole model.</summary>
    public int? TimesInModel { get; init; }

    /// <summary>Such as <c>gpt2-small b1-h12-q1024-k1024-d64-causal</c>.</summary>
    public override string ToString() => Shape is null ? Problem.ToString() : $"{Shape} {Problem}";
}

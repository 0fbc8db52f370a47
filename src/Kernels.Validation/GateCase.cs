using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>One thing that the gate tries.</summary>
/// <param name="Problem">Sizes and parameters.</param>
/// <param name="Inputs">Input family.</param>
/// <param name="Seed">Seed of the inputs.</param>
public sealed record GateCase(Problem Problem, InputFamily Inputs, int Seed)
{
    /// <summary>A number that is put into one input and is not finite; null for ordinary cases.</summary>
    public NonFinite? Injection { get; init; }

    /// <summary>Such as <c>b1-h2-q64-k64-d64 peaked seed 1</c>.</summary>
    public override string ToString() =>
        $"{Problem} {Inputs.ToString().ToLowerInvariant()} seed {Seed}{(Injection is { } injection ? $" {injection}" : "")}";
}

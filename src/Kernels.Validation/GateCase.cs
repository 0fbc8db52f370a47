using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>One case of the gate.</summary>
/// <param name="Problem">Sizes and parameters.</param>
/// <param name="Inputs">Input family.</param>
/// <param name="Seed">Seed of the inputs.</param>
public sealed record GateCase(Problem Problem, InputFamily Inputs, int Seed)
{
    /// <summary>A non-finite number to put into one input; null for ordinary cases.</summary>
    public NonFinite? Injection { get; init; }

    /// <summary>Such as <c>b1-h2-q64-k64-d64 peaked seed 1</c>.</summary>
    public override string ToString() =>
        $"{Problem} {Inputs.Text()} seed {Seed}{(Injection is { } injection ? $" {injection}" : "")}";
}

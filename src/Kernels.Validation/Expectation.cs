using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// What the outputs of a problem are compared with: rows in float64 (gold), and how far plain float32 is from them. It holds for every kernel
/// of the same operation, format and products.
/// </summary>
public sealed class Expectation
{
    private readonly ImmutableArray<OutputExpectation> outputs;

    private Expectation(OperationReference reference, Inputs inputs, Element products, ImmutableArray<OutputExpectation> outputs)
    {
        Reference = reference;
        Inputs = inputs;
        Products = products;
        InputsFinite = inputs.AreFinite;
        this.outputs = outputs;
    }

    /// <summary>The reference of the operation that was computed.</summary>
    public OperationReference Reference { get; }

    /// <summary>The inputs that it was computed from.</summary>
    public Inputs Inputs { get; }

    /// <summary>Format to which weights are rounded where they multiply values.</summary>
    public Element Products { get; }

    /// <summary>Sizes and parameters.</summary>
    public Problem Problem => Inputs.Problem;

    /// <summary>Whether all inputs are finite; where they are not, NaN is a permitted answer.</summary>
    public bool InputsFinite { get; }

    /// <summary>Each output, in the order of the operands.</summary>
    public IReadOnlyList<OutputExpectation> Outputs => outputs;

    /// <summary>Computes gold and plain float32, on all processors.</summary>
    /// <param name="reference">Of the operation.</param>
    /// <param name="inputs">Rounded to the format of the kernels.</param>
    /// <param name="rows">Which rows of each group of outputs; those that <see cref="ReferenceRows.Choose"/> chooses when null.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    /// <exception cref="InvalidOperationException">Gold contradicts a closed form that the inputs have.</exception>
    public static Expectation Compute(
        OperationReference reference, Inputs inputs, IReadOnlyList<ReferenceRows>? rows = null, Element products = Element.Float32)
    {
        ImmutableArray<Operand> operands = reference.Operation.Operands(inputs.Problem, Format.Float32);
        var outputs = ImmutableArray.CreateBuilder<OutputExpectation>();
        for (int group = 0; group < reference.OutputGroups.Count; group++)
        {
            ReferenceRows chosen = rows is null ? ReferenceRows.Choose(reference, inputs.Problem, group) : rows[group];
            outputs.AddRange(GroupComputation.Run(reference, inputs, operands, group, chosen, products));
        }
        return new(reference, inputs, products, [.. outputs.OrderBy(output => output.Place)]);
    }
}

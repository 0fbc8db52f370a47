using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// Expected outputs of a problem: rows in float64 (gold), and the errors of plain float32. They are the same for every kernel of the same
/// operation, format and products.
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

    /// <summary>The reference of the operation.</summary>
    public OperationReference Reference { get; }

    /// <summary>The inputs.</summary>
    public Inputs Inputs { get; }

    /// <summary>Format to which weights are rounded where they multiply values.</summary>
    public Element Products { get; }

    /// <summary>Sizes and parameters.</summary>
    public Problem Problem => Inputs.Problem;

    /// <summary>Whether all inputs are finite; otherwise a kernel may return NaN.</summary>
    public bool InputsFinite { get; }

    /// <summary>Each output, in the order of the operands.</summary>
    public IReadOnlyList<OutputExpectation> Outputs => outputs;

    /// <summary>Computes gold and plain float32 on all processors.</summary>
    /// <param name="reference">Of the operation.</param>
    /// <param name="inputs">Rounded to the format of the kernels.</param>
    /// <param name="rows">Which rows of each group of outputs; when null, those of <see cref="ReferenceRows.Choose"/>.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    /// <exception cref="ReferenceException">Gold differs from the closed form of the inputs, or the reference threw.</exception>
    public static Expectation Compute(
        OperationReference reference, Inputs inputs, IReadOnlyList<ReferenceRows>? rows = null, Element products = Element.Float32) =>
        ReferenceException.Guard(reference, inputs.Problem, () => ComputeGroups(reference, inputs, rows, products));

    /// <summary>The same, for callers that guard more than this with <see cref="ReferenceException.Guard"/>.</summary>
    /// <param name="reference">Of the operation.</param>
    /// <param name="inputs">Rounded to the format of the kernels.</param>
    /// <param name="rows">Which rows of each group of outputs.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    /// <param name="known">Errors of plain float32 of each of <see cref="Outputs"/>; null where they are computed.</param>
    internal static Expectation ComputeGroups(
        OperationReference reference, Inputs inputs, IReadOnlyList<ReferenceRows>? rows, Element products,
        IReadOnlyList<PlainErrors>? known = null)
    {
        int[] places = [.. reference.Operation.OutputGroups.SelectMany(group => group).Order()];
        ImmutableArray<Operand> operands = reference.Operation.Operands(inputs.Problem, Format.Float32);
        var outputs = ImmutableArray.CreateBuilder<OutputExpectation>();
        for (int group = 0; group < reference.Operation.OutputGroups.Count; group++)
        {
            ReferenceRows chosen = rows is null ? ReferenceRows.Choose(reference, inputs.Problem, group) : rows[group];
            outputs.AddRange(GroupComputation.Run(reference, inputs, operands, group, chosen, products, place => known?[Array.IndexOf(places, place)]));
        }
        return new(reference, inputs, products, [.. outputs.OrderBy(output => output.Place)]);
    }
}

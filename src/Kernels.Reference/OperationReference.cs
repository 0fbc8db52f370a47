using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Some rows of one head of the outputs of a group; values of a row are those of all outputs of the group, one after the other.</summary>
/// <param name="Group">Number in <see cref="OperationReference.OutputGroups"/>.</param>
/// <param name="HeadIndex">The head of the outputs, counted through all batches.</param>
/// <param name="Tokens">The rows, ascending.</param>
public readonly record struct RowBlock(int Group, int HeadIndex, int[] Tokens);

/// <summary>
/// All that the harness must know to judge kernels of one operation: inputs, the result in float64 (gold), the result in float32 by common ways
/// (plain), the error that float32 is expected to make, values that the definition fixes, and kernels that are wrong on purpose. Nothing
/// outside asks which operation it is.
/// </summary>
/// <param name="operation">The operation, with its parameters.</param>
public abstract class OperationReference(Operation operation)
{
    /// <summary>Number of ways of plain float32.</summary>
    public const int Ways = 3;

    /// <summary>The operation, with its parameters.</summary>
    public Operation Operation => operation;

    /// <summary>Operations whose inputs are the same numbers have the same name here.</summary>
    public virtual string InputSet => "attention";

    /// <summary>Places of the outputs whose rows are computed and judged together, because they share work.</summary>
    public virtual IReadOnlyList<ImmutableArray<int>> OutputGroups { get; } =
        [operation is SoftmaxLse or SoftmaxStep ? [AttentionOperation.O, AttentionOperation.Lse] : [AttentionOperation.O]];

    /// <summary>
    /// Whether a number may be NaN where every way of plain float32 gives NaN, and infinite where gold is NaN: the order of sums decides then.
    /// In softmax attention it does not: only scores beyond float32 do that, and the user should know.
    /// </summary>
    public virtual bool PlainDecidesNaN => true;

    /// <summary>Makes the inputs from a seed; equal arguments give equal numbers.</summary>
    public virtual Inputs CreateInputs(Problem problem, InputFamily family, int seed) => AttentionInputs.Create((AttentionProblem)problem, family, seed);

    /// <summary>Whether the rows of a head have work in common, such as a state, so that they should be asked for together.</summary>
    public virtual bool SharesWork(Problem problem) => false;

    /// <summary>Multiplications that gold takes for one row of every head, for choosing how many rows are compared.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="group">Number of the group of outputs.</param>
    public virtual double RowCost(Problem problem, int group)
    {
        var attention = (AttentionProblem)problem;
        return 2.0 * attention.Batch * attention.CountVisiblePairs() / attention.Queries * attention.HeadDim;
    }

    /// <summary>The rows in float64 with compensated sums.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="values">[rows, width of the group].</param>
    public abstract void Gold(Inputs inputs, RowBlock rows, Span<double> values);

    /// <summary>The rows in plain float32 in each of its <see cref="Ways"/>, [rows, width of the group].</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    public abstract float[][] Plain(Inputs inputs, RowBlock rows, Element products);

    /// <summary>
    /// The error that float32 is expected to make, so that a base which is right by luck does not reject a kernel that is not, [rows, width].
    /// </summary>
    public abstract double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold);

    /// <summary>The value that the definition fixes exactly for all channels of a row, such as 0 where a query sees no key; null where it fixes none.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="operand">Place of the output.</param>
    /// <param name="headIndex">The head, counted through all batches.</param>
    /// <param name="token">The row.</param>
    /// <param name="channel">The channel.</param>
    public abstract float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel);

    /// <summary>Why gold contradicts a closed form that the inputs have; null when it does not.</summary>
    public virtual string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold) => null;

    /// <summary>Kernels with one mistake each, without memory of earlier calls; the gate must reject all of them for the right reason.</summary>
    public virtual IReadOnlyList<WrongKernel> WrongKernels() => [];

    /// <summary>Kernels like the wrong ones but without a mistake: the gate must pass them.</summary>
    public virtual IReadOnlyList<Kernel> Controls => [];
}

using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Some rows of one head of the outputs of a group; values of a row are those of all outputs of the group, one after the other.
/// </summary>
/// <param name="Group">Number in <see cref="Operation.OutputGroups"/>.</param>
/// <param name="HeadIndex">The head of the outputs, counted through all batches.</param>
/// <param name="Tokens">The rows, ascending.</param>
public readonly record struct RowBlock(int Group, int HeadIndex, int[] Tokens);

/// <summary>
/// Everything that depends on the operation when kernels are judged: inputs, the result in float64 (gold), the result in plain float32, the
/// expected error of float32, exactly known values, and kernels that are wrong on purpose. No other code of the gate depends on the
/// operation.
/// </summary>
/// <param name="operation">The operation, with its parameters.</param>
public abstract class OperationReference(Operation operation)
{
    /// <summary>Number of variants of plain float32.</summary>
    public const int Ways = 3;

    /// <summary>The operation, with its parameters.</summary>
    public Operation Operation => operation;

    /// <summary>Name of the inputs: operations with the same name have the same numbers.</summary>
    public virtual string InputSet => "attention";

    /// <summary>
    /// Whether a number may be NaN where every variant of plain float32 gives NaN, and infinite where gold is NaN, because the order of
    /// sums determines this; in gradients, whether dO·v − D of an infinite weight is zero. Not in softmax attention, where only scores beyond
    /// float32 cause it and must be reported.
    /// </summary>
    public virtual bool PlainDecidesNaN => true;

    /// <summary>Whether the element type holds a family of inputs, and float32 what the definition computes from them, such as features of keys.</summary>
    public virtual bool Takes(InputFamily family, Element input) =>
        family is not (InputFamily.HugeValues or InputFamily.HugeScores or InputFamily.Faint)
            && (family != InputFamily.LargeValues || input != Element.Float16);

    /// <summary>The source of <see cref="InputFamily.Captured"/>; null where no trained model was fetched.</summary>
    public Lazy<CapturedHeads>? Captured { get; internal set; }

    /// <summary>The families that <see cref="Takes"/> allows and that have a source.</summary>
    public IEnumerable<InputFamily> Families(Element input) =>
        (Captured is null ? InputFamilies.Seeded : Enum.GetValues<InputFamily>()).Where(family => Takes(family, input));

    /// <summary>Creates the inputs from a seed; equal arguments give equal numbers.</summary>
    /// <exception cref="InvalidOperationException">The family has no source.</exception>
    public virtual Inputs CreateInputs(Problem problem, InputFamily family, int seed) =>
        AttentionInputs.Create((AttentionProblem)problem, family, seed, Captured);

    /// <summary>Whether the rows of a head share work, such as a state, and should be computed together.</summary>
    public virtual bool SharesWork(Problem problem) => false;

    /// <summary>
    /// How many first rows of a head can be compared, where each needs all before it and gold of a late one would take minutes; more than there are where that
    /// is not so.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="group">Number of the group of outputs.</param>
    public virtual int Reachable(Problem problem, int group) => int.MaxValue;

    /// <summary>Multiplications of gold for one row of every head, which determine how many rows are compared.</summary>
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

    /// <summary>The rows in each of the <see cref="Ways"/> of plain float32, [rows, width of the group].</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="products">Format to which weights are rounded where they multiply values.</param>
    public abstract float[][] Plain(Inputs inputs, RowBlock rows, Element products);

    /// <summary>
    /// The expected error of float32, [rows, width]: where plain float32 happens to be exact, the tolerance must not become zero.
    /// </summary>
    public abstract double[] ExpectedError(Inputs inputs, RowBlock rows, Element products, ReadOnlySpan<double> gold);

    /// <summary>The exactly known value of a number, such as 0 where a query sees no key; null where there is none.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="operand">Place of the output.</param>
    /// <param name="headIndex">The head, counted through all batches.</param>
    /// <param name="token">The row.</param>
    /// <param name="channel">The channel.</param>
    public abstract float? Fixed(Inputs inputs, int operand, int headIndex, int token, int channel);

    /// <summary>Why gold differs from the closed form of the inputs; null when it agrees or there is none.</summary>
    public virtual string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold) => null;

    /// <summary>Kernels with one mistake each, newly created; the gate must reject all of them for the right reason.</summary>
    public virtual IReadOnlyList<WrongKernel> WrongKernels() => [];

    /// <summary>The same kernels without a mistake, which the gate must pass.</summary>
    public virtual IReadOnlyList<Kernel> Controls => [];
}

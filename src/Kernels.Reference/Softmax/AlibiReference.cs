using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Softmax attention with linear biases: <see cref="SoftmaxReference"/> on rows with a bias, which is exact in float64. Plain float32 adds the rounded
/// product of slope and distance to the scaled score, as the authors' program does, however large the distances of all keys are.
/// </summary>
/// <param name="operation">The operation.</param>
public sealed class AlibiReference(SoftmaxAlibi operation) : SoftmaxReference(operation)
{
    /// <inheritdoc/>
    /// <remarks>The scores of one-hot inputs lead by less than a bias may be.</remarks>
    public override string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold) => null;

    /// <inheritdoc/>
    public override IReadOnlyList<WrongKernel> WrongKernels() => WrongAlibi.Create(operation);

    /// <inheritdoc/>
    public override IReadOnlyList<Kernel> Controls => [WrongAlibi.Control(operation)];

    private protected override AttentionRow Seen(Inputs inputs, int headIndex, int query)
    {
        var problem = (AttentionProblem)inputs.Problem;
        AttentionRow row = base.Seen(inputs, headIndex, query);
        int head = headIndex % problem.Heads, first = problem.VisibleKeys(query).Begin;
        int[]? gathered = problem.Mask.IsContiguous ? null : VisibleKeys.Of(problem, head, query);
        double slope = SoftmaxAlibi.Slope(head, problem.Heads);
        double[] bias = new double[row.Keys];
        for (int i = 0; i < bias.Length; i++)
            bias[i] = -slope * SoftmaxAlibi.Distance(problem, query, gathered?[i] ?? first + i);
        return row.With(bias);
    }
}

namespace Kernels.Abstractions;

/// <summary>
/// The function that a kernel claims to compute. A kernel is right when it equals its own definition; how far that definition is
/// from softmax attention is reported, and never a reason to pass or fail.
/// </summary>
public abstract record Definition
{
    /// <summary>softmax(QKᵀ·scale + mask)·V, Vaswani et al. 2017, equation 1.</summary>
    public static Definition Softmax { get; } = new SoftmaxDefinition();

    /// <summary>Linear attention with φ(x) = elu(x) + 1, Katharopoulos et al. 2020, equations 4 and 7.</summary>
    public static Definition LinearElu { get; } = new LinearEluDefinition();

    /// <summary>Short name used in results, such as <c>softmax</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in one line.</summary>
    public abstract string Formula { get; }

    /// <summary>
    /// Exact floating-point operations of <paramref name="problem"/>: multiplications and additions of the matrix products that the
    /// definition cannot do without, pairs hidden by the mask left out; exponentials and normalisation are not counted.
    /// </summary>
    public abstract double ExactFlops(AttentionProblem problem);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    private sealed record SoftmaxDefinition : Definition
    {
        public override string Name => "softmax";

        public override string Formula => "softmax(QKᵀ·scale + mask)·V";

        public override double ExactFlops(AttentionProblem problem) =>
            4.0 * problem.Batch * problem.CountVisiblePairs() * problem.HeadDim;
    }

    private sealed record LinearEluDefinition : Definition
    {
        public override string Name => "linear-elu";

        public override string Formula => "φ(Q)(φ(K)ᵀV) / φ(Q)(φ(K)ᵀ1), φ(x) = elu(x) + 1, over the visible keys";

        /// <remarks>The state φ(K)ᵀV costs 2·d² a key and kv head, the product φ(Q)·state 2·d² a query and head.</remarks>
        public override double ExactFlops(AttentionProblem problem) =>
            2.0 * problem.Batch * problem.HeadDim * problem.HeadDim
            * ((double)problem.KvHeads * problem.Keys + (double)problem.Heads * problem.Queries);
    }
}

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

    /// <summary>FAVOR+ of Performer with 256 orthogonal positive random features.</summary>
    public static FavorDefinition Favor { get; } = new(features: 256, seed: 1);

    /// <summary>Retention of RetNet, with a decay of its own for each kv head.</summary>
    public static RetentionDefinition Retention { get; } = new(firstExponent: 5);

    /// <summary>The delta rule of DeltaNet, with unit keys and a step of 1.</summary>
    public static DeltaDefinition Delta { get; } = new();

    /// <summary>Softmax attention on keys and values projected to 256 rows, after Linformer.</summary>
    public static LinformerDefinition Linformer { get; } = new(length: 256, seed: 1);

    /// <summary>Softmax attention on the 64 best keys of each query.</summary>
    public static TopKDefinition TopK { get; } = new(count: 64);

    /// <summary>All that the kernels of this suite compute.</summary>
    public static IReadOnlyList<Definition> All { get; } = [Softmax, LinearElu, Retention, Delta, Favor, Linformer, TopK];

    /// <summary>Short name used in results, such as <c>softmax</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in one line.</summary>
    public abstract string Formula { get; }

    /// <summary>
    /// Exact floating-point operations of <paramref name="problem"/>: multiplications and additions of the matrix products that the
    /// definition cannot do without, pairs hidden by the mask left out; exponentials and normalisation are not counted.
    /// </summary>
    public abstract double ExactFlops(AttentionProblem problem);

    /// <summary>
    /// Numbers that decoding must keep for one more token, over batch and kv heads, when <paramref name="problem"/> is what was seen so far:
    /// all keys and values, or a state whose size does not depend on their number.
    /// </summary>
    public abstract double StateLength(AttentionProblem problem);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>Operations of a state of <paramref name="features"/> × headDim numbers: updated by each key of a kv head, read by each query.</summary>
    private protected static double StateFlops(AttentionProblem problem, int features) =>
        2.0 * problem.Batch * features * problem.HeadDim * ((double)problem.KvHeads * problem.Keys + (double)problem.Heads * problem.Queries);

    /// <summary>Numbers in <paramref name="rows"/> rows of a kv head, each of <paramref name="columns"/>, over batch and kv heads.</summary>
    private protected static double PerKvHead(AttentionProblem problem, double rows, double columns) =>
        (double)problem.Batch * problem.KvHeads * rows * columns;

    private sealed record SoftmaxDefinition : Definition
    {
        public override string Name => "softmax";

        public override string Formula => "softmax(QKᵀ·scale + mask)·V";

        public override double ExactFlops(AttentionProblem problem) =>
            4.0 * problem.Batch * problem.CountVisiblePairs() * problem.HeadDim;

        /// <remarks>Keys and values; a window lets go of what has left it.</remarks>
        public override double StateLength(AttentionProblem problem) =>
            PerKvHead(problem, problem.Mask is WindowMask window ? Math.Min(problem.Keys, window.Left + 1.0) : problem.Keys, 2 * problem.HeadDim);
    }

    private sealed record LinearEluDefinition : Definition
    {
        public override string Name => "linear-elu";

        public override string Formula => "φ(Q)(φ(K)ᵀV) / φ(Q)(φ(K)ᵀ1), φ(x) = elu(x) + 1, over the visible keys";

        /// <remarks>The state φ(K)ᵀV costs 2·d² a key and kv head, the product φ(Q)·state 2·d² a query and head.</remarks>
        public override double ExactFlops(AttentionProblem problem) => StateFlops(problem, problem.HeadDim);

        /// <remarks>φ(K)ᵀV and φ(K)ᵀ1.</remarks>
        public override double StateLength(AttentionProblem problem) => PerKvHead(problem, problem.HeadDim, problem.HeadDim + 1);
    }
}

namespace Kernels.Abstractions;

/// <summary>
/// The inputs and the output of one call, cut into heads, and what its work items share. Lengths were checked by
/// <see cref="AttentionKernel.Forward"/>.
/// </summary>
public readonly ref struct AttentionTensors
{
    private readonly AttentionProblem problem;
    private readonly ReadOnlySpan<float> q, k, v;
    private readonly Span<float> output, shared;

    internal AttentionTensors(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
        Span<float> shared)
    {
        this.problem = problem;
        this.q = q;
        this.k = k;
        this.v = v;
        this.output = output;
        this.shared = shared;
    }

    /// <summary>The whole of q, [batch, heads, queries, headDim].</summary>
    public ReadOnlySpan<float> AllQ => q;

    /// <summary>The whole of k, [batch, kvHeads, keys, headDim].</summary>
    public ReadOnlySpan<float> AllK => k;

    /// <summary>The whole of v, [batch, kvHeads, keys, headDim].</summary>
    public ReadOnlySpan<float> AllV => v;

    /// <summary>The whole output, [batch, heads, queries, headDim].</summary>
    public Span<float> AllOutput => output;

    /// <summary>
    /// Scratch that all work items of the call see, as much as <see cref="AttentionKernel.SharedLength"/> says, with arbitrary contents
    /// before the call.
    /// </summary>
    public Span<float> Shared => shared;

    /// <summary>Queries of one head, [queries, headDim].</summary>
    public ReadOnlySpan<float> Q(int batch, int head) => q.Slice(QueryOffset(batch, head), QueryBlock);

    /// <summary>Keys that serve one query head, [keys, headDim].</summary>
    public ReadOnlySpan<float> K(int batch, int head) => k.Slice(KeyOffset(batch, head), KeyBlock);

    /// <summary>Values that serve one query head, [keys, headDim].</summary>
    public ReadOnlySpan<float> V(int batch, int head) => v.Slice(KeyOffset(batch, head), KeyBlock);

    /// <summary>Output of one head, [queries, headDim].</summary>
    public Span<float> Output(int batch, int head) => output.Slice(QueryOffset(batch, head), QueryBlock);

    private int QueryBlock => problem.Queries * problem.HeadDim;

    private int KeyBlock => problem.Keys * problem.HeadDim;

    private int QueryOffset(int batch, int head) => (batch * problem.Heads + head) * QueryBlock;

    private int KeyOffset(int batch, int head) => (batch * problem.KvHeads + problem.KvHead(head)) * KeyBlock;
}

using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>
/// softmax(QKᵀ/√d + mask)·V of all heads by kernels of this suite: forward by one that writes the log-sum-exps, backwards by one that computes the weights from
/// them again.
/// </summary>
internal sealed unsafe class SelfAttention : Node
{
    private readonly PreparedCall forward;
    private readonly KernelGradients backward;

    /// <summary>Prepares both kernels.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="problem">In token-major order.</param>
    /// <param name="q">[batch·tokens, heads·headDim], as projections write them.</param>
    /// <param name="k">The same of keys.</param>
    /// <param name="v">The same of values.</param>
    /// <exception cref="NotSupportedException">A kernel refuses the problem.</exception>
    public SelfAttention(Graph graph, AttentionProblem problem, Value q, Value k, Value v)
        : base(graph.Create(q.Rows, q.Columns), q, k, v)
    {
        Problem = problem;
        nint lse = (nint)graph.Take(problem.Batch * problem.Heads * problem.Queries);
        nint[] written = [(nint)q.Data, (nint)k.Data, (nint)v.Data, (nint)Output.Data, lse];
        forward = graph.Prepare(graph.Kernels[Operations.SoftmaxLse], problem, written);
        backward = new(graph, Operations.SoftmaxBackward, problem, written.Append((nint)Output.Gradient), q, k, v);
    }

    /// <summary>Batch, heads, tokens and mask.</summary>
    public AttentionProblem Problem { get; }

    public override void Forward() => forward.Run();

    public override void Backward() => backward.Add();
}

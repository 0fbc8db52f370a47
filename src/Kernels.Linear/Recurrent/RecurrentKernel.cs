using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Linear attention as a recurrence: each key updates a state of fixed size, each query reads it. The time is linear in the sequence and
/// the scratch constant, but every key reads and writes the whole state. <see cref="RecurrentDecoder"/> decodes with the same two methods.
/// </summary>
public abstract class RecurrentKernel : AttentionKernel
{
    /// <summary>Floats of the state of one kv head.</summary>
    public abstract int StateLength(AttentionProblem problem);

    /// <summary>Floats of scratch that <see cref="Add"/> and <see cref="Read"/> need besides the state.</summary>
    protected internal abstract int RowLength(AttentionProblem problem);

    /// <summary>Adds a key k [headDim] with its value v [headDim] to the state of a kv head, initially zero.</summary>
    protected internal abstract void Add(
        AttentionProblem problem, int kvHead, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> state, Span<float> row);

    /// <summary>Writes the output [headDim] of a query q [headDim].</summary>
    protected internal abstract void Read(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> state, Span<float> output, Span<float> row);

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(AttentionProblem problem) => GrowingState.Refuses(problem) is { } reason ? Refuse(reason)
        : new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * ((long)StateLength(problem) + RowLength(problem)) };

    /// <inheritdoc/>
    protected sealed override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        int d = problem.HeadDim, kvHead = problem.KvHead(head), seen = 0;
        ReadOnlySpan<float> q = call.Q.Head<float>(batch, head), k = call.K.Head<float>(batch, kvHead), v = call.V.Head<float>(batch, kvHead);
        Span<float> output = call.O.Head<float>(batch, head), scratch = call.OwnFloats;
        Span<float> state = scratch[..StateLength(problem)], row = scratch.Slice(StateLength(problem), RowLength(problem));
        state.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            int visible = problem.VisibleKeys(query).End;
            for (; seen < visible; seen++)
                Add(problem, kvHead, k.Slice(seen * d, d), v.Slice(seen * d, d), state, row);
            if (visible > 0)
                Read(problem, q.Slice(query * d, d), state, output.Slice(query * d, d), row);
            else
                output.Slice(query * d, d).Clear();
        }
    }
}

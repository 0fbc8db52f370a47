using System.Runtime.InteropServices;

namespace Kernels.Abstractions;

/// <summary>
/// Runs the work items of any kernel on a team of threads. Items are taken in order by whichever thread is free, so uneven items
/// balance; each thread has its own part of the scratch. A call allocates nothing; one instance serves one call at a time.
/// </summary>
public sealed class ThreadedKernel : AttentionKernel, IDisposable
{
    // Threads must not write into each other's cache lines.
    private const int FloatsPerCacheLine = 16;

    private readonly AttentionKernel inner;
    private readonly WorkerTeam team;
    private readonly Action<int> work;
    private Call call;
    private int nextItem;

    /// <summary>Wraps <paramref name="inner"/> with a team of <paramref name="threads"/> threads, the calling one among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public ThreadedKernel(AttentionKernel inner, int threads)
    {
        this.inner = inner;
        team = new WorkerTeam(threads);
        work = Work;
    }

    /// <inheritdoc/>
    public override KernelInfo Info => inner.Info;

    /// <inheritdoc/>
    public override string? Unavailable => inner.Unavailable;

    /// <inheritdoc/>
    public override string? Device => inner.Device;

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => team.Threads * ScratchStride(problem);

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();

    /// <inheritdoc/>
    protected internal override string? Refuses(AttentionProblem problem) => inner.Refuses(problem);

    /// <inheritdoc/>
    protected internal override int WorkItems(AttentionProblem problem) => inner.WorkItems(problem);

    /// <inheritdoc/>
    protected internal override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch) =>
        inner.Compute(problem, tensors, item, scratch);

    private protected override unsafe void Run(AttentionProblem problem, in AttentionTensors tensors, Span<float> scratch)
    {
        // Spans cannot cross threads; pointers can, while the memory is pinned here.
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput)
        fixed (float* pinned = &MemoryMarshal.GetReference(scratch))
        {
            call = new Call(problem, q, k, v, output, pinned);
            nextItem = -1;
            try
            {
                team.Run(work);
            }
            finally
            {
                call = default;
            }
        }
    }

    private long ScratchStride(AttentionProblem problem) =>
        (inner.ScratchLength(problem) + FloatsPerCacheLine - 1) / FloatsPerCacheLine * FloatsPerCacheLine;

    private unsafe void Work(int thread)
    {
        AttentionProblem problem = call.Problem;
        var tensors = new AttentionTensors(
            problem,
            new ReadOnlySpan<float>(call.Q, problem.QueryLength),
            new ReadOnlySpan<float>(call.K, problem.KeyLength),
            new ReadOnlySpan<float>(call.V, problem.KeyLength),
            new Span<float>(call.Output, problem.QueryLength));
        var scratch = new Span<float>(call.Scratch + thread * ScratchStride(problem), checked((int)inner.ScratchLength(problem)));
        int items = inner.WorkItems(problem);
        for (int item = Interlocked.Increment(ref nextItem); item < items; item = Interlocked.Increment(ref nextItem))
            inner.Compute(problem, tensors, item, scratch);
    }

    private readonly unsafe struct Call(AttentionProblem problem, float* q, float* k, float* v, float* output, float* scratch)
    {
        public readonly AttentionProblem Problem = problem;
        public readonly float* Q = q, K = k, V = v, Output = output, Scratch = scratch;
    }
}

using System.Runtime.InteropServices;

namespace Kernels.Abstractions;

/// <summary>
/// Runs the work items of any kernel on a team of threads. Each thread begins with items of its own, the same ones in every call, so that
/// what they read may still be in its cache; when they are done it takes those of the others, so uneven items balance. Each thread has its
/// own part of the scratch that items do not share. A call allocates nothing; one instance serves one call at a time.
/// </summary>
public sealed class ThreadedKernel : AttentionKernel, IDisposable
{
    // Threads must not write into each other's cache lines.
    private const int FloatsPerCacheLine = 16;

    private readonly AttentionKernel inner;
    private readonly WorkerTeam team;
    private readonly Action<int> work, combine;
    // The item that was taken last of those of each thread, a cache line apart.
    private readonly int[] taken;
    private Call call;
    // Of the stage that runs, or of the combination.
    private int firstItem, items;

    /// <summary>Wraps <paramref name="inner"/> with a team of <paramref name="threads"/> threads, the calling one among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public ThreadedKernel(AttentionKernel inner, int threads)
    {
        this.inner = inner;
        team = new WorkerTeam(threads);
        taken = new int[threads * FloatsPerCacheLine];
        work = Work;
        combine = Combine;
    }

    /// <inheritdoc/>
    public override KernelInfo Info => inner.Info;

    /// <inheritdoc/>
    public override string? Unavailable => inner.Unavailable;

    /// <inheritdoc/>
    public override string? Device => inner.Device;

    /// <inheritdoc/>
    public override long ScratchLength(AttentionProblem problem) => SharedLength(problem) + team.Threads * ScratchStride(problem);

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();

    /// <inheritdoc/>
    protected internal override long SharedLength(AttentionProblem problem) => WholeLines(inner.SharedLength(problem));

    /// <inheritdoc/>
    protected internal override string? Refuses(AttentionProblem problem) => inner.Refuses(problem);

    /// <inheritdoc/>
    protected internal override bool TakesPatterns => inner.TakesPatterns;

    /// <inheritdoc/>
    protected internal override int WorkItems(AttentionProblem problem) => inner.WorkItems(problem);

    /// <inheritdoc/>
    protected internal override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch) =>
        inner.Compute(problem, tensors, item, scratch);

    /// <inheritdoc/>
    protected internal override int CombineItems(AttentionProblem problem) => inner.CombineItems(problem);

    /// <inheritdoc/>
    protected internal override void Combine(AttentionProblem problem, in AttentionTensors tensors, int item) =>
        inner.Combine(problem, tensors, item);

    private protected override unsafe void Run(AttentionProblem problem, in AttentionTensors tensors, Span<float> scratch)
    {
        // Spans cannot cross threads; pointers can, while the memory is pinned here.
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput)
        fixed (float* shared = tensors.Shared, pinned = &MemoryMarshal.GetReference(scratch))
        {
            call = new Call(problem, q, k, v, output, shared, pinned);
            try
            {
                int stages = inner.Stages(problem);
                for (int stage = 0; stage < stages; stage++)
                {
                    Share(inner.FirstItem(problem, stage), inner.FirstItem(problem, stage + 1));
                    team.Run(work);
                }
                if (inner.CombineItems(problem) is > 0 and var combineItems)
                {
                    Share(0, combineItems);
                    team.Run(combine);
                }
            }
            finally
            {
                call = default;
            }
        }
    }

    private static long WholeLines(long floats) => (floats + FloatsPerCacheLine - 1) / FloatsPerCacheLine * FloatsPerCacheLine;

    private long OwnLength(AttentionProblem problem) => inner.ScratchLength(problem) - inner.SharedLength(problem);

    private long ScratchStride(AttentionProblem problem) => WholeLines(OwnLength(problem));

    private unsafe void Work(int thread)
    {
        AttentionProblem problem = call.Problem;
        AttentionTensors tensors = call.Tensors(inner);
        var scratch = new Span<float>(call.Scratch + thread * ScratchStride(problem), checked((int)OwnLength(problem)));
        for (int turn = 0; TryTake(thread, ref turn, out int item);)
            inner.Compute(problem, tensors, item, scratch);
    }

    private void Combine(int thread)
    {
        AttentionTensors tensors = call.Tensors(inner);
        for (int turn = 0; TryTake(thread, ref turn, out int item);)
            inner.Combine(call.Problem, tensors, item);
    }

    private void Share(int begin, int end)
    {
        (firstItem, items) = (begin, end - begin);
        for (int thread = 0; thread < team.Threads; thread++)
            taken[thread * FloatsPerCacheLine] = FirstItem(thread) - 1;
    }

    /// <summary>The thread's own items first, then those of the thread that comes <paramref name="turn"/> after it.</summary>
    private bool TryTake(int thread, ref int turn, out int item)
    {
        for (; turn < team.Threads; turn++)
        {
            int owner = (thread + turn) % team.Threads;
            item = Interlocked.Increment(ref taken[owner * FloatsPerCacheLine]);
            if (item < FirstItem(owner + 1))
                return true;
        }
        item = -1;
        return false;
    }

    private int FirstItem(int thread) => firstItem + (int)((long)items * thread / team.Threads);

    private readonly unsafe struct Call(
        AttentionProblem problem, float* q, float* k, float* v, float* output, float* shared, float* scratch)
    {
        public readonly AttentionProblem Problem = problem;
        public readonly float* Scratch = scratch;
        private readonly float* q = q, k = k, v = v, output = output, shared = shared;

        public AttentionTensors Tensors(AttentionKernel kernel) => new(
            Problem,
            new ReadOnlySpan<float>(q, Problem.QueryLength),
            new ReadOnlySpan<float>(k, Problem.KeyLength),
            new ReadOnlySpan<float>(v, Problem.KeyLength),
            new Span<float>(output, Problem.QueryLength),
            new Span<float>(shared, checked((int)kernel.SharedLength(Problem))));
    }
}

namespace Kernels.Abstractions;

/// <summary>
/// A team of threads. Each begins with items of its own, the same ones in every call, so that what they read may still be in its cache; when
/// they are done it takes those of the others, so uneven items balance. One call at a time.
/// </summary>
public sealed class Team : IExecutor
{
    // Counters lie a cache line apart.
    private const int IntsPerCacheLine = 16;

    private readonly WorkerTeam workers;
    private readonly Action<int> work;
    // The item that was taken last of those of each thread.
    private readonly int[] taken;
    private Kernel? kernel;
    private Call call;
    private int stage, items;

    /// <summary>Starts <paramref name="threads"/> − 1 threads; the calling one is the first of the team.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public Team(int threads)
    {
        workers = new WorkerTeam(threads);
        taken = new int[threads * IntsPerCacheLine];
        work = Work;
    }

    /// <inheritdoc/>
    public int Threads => workers.Threads;

    /// <inheritdoc/>
    public void Run(Kernel kernel, in Call call)
    {
        (this.kernel, this.call) = (kernel, call);
        try
        {
            for (stage = 0; stage < call.Plan.Stages.Length; stage++)
            {
                items = call.Plan.Stages[stage];
                for (int thread = 0; thread < Threads; thread++)
                    taken[thread * IntsPerCacheLine] = FirstItem(thread) - 1;
                workers.Run(work);
            }
        }
        finally
        {
            (this.kernel, this.call) = (null, default);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => workers.Dispose();

    private unsafe void Work(int thread)
    {
        // A single thread has memory without the end of a cache line.
        Call own = call.On(call.Own + thread * PreparedCall.WholeLines(call.Plan.ThreadBytes));
        for (int turn = 0; TryTake(thread, ref turn, out int item);)
            kernel!.Compute(own, stage, item);
    }

    /// <summary>The thread's own items first, then those of the thread that comes <paramref name="turn"/> after it.</summary>
    private bool TryTake(int thread, ref int turn, out int item)
    {
        for (; turn < Threads; turn++)
        {
            int owner = (thread + turn) % Threads;
            item = Interlocked.Increment(ref taken[owner * IntsPerCacheLine]);
            if (item < FirstItem(owner + 1))
                return true;
        }
        item = -1;
        return false;
    }

    private int FirstItem(int thread) => (int)((long)items * thread / Threads);
}

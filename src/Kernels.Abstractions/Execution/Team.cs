namespace Kernels.Abstractions;

/// <summary>
/// A team of threads. Each thread starts with its own items, the same in every call, so that their data may still be in its cache; then it
/// takes items of the other threads, which balances uneven items. One call at a time.
/// </summary>
public sealed class Team : IExecutor
{
    // Counters are a cache line apart to avoid false sharing.
    private const int IntsPerCacheLine = 16;

    private readonly WorkerTeam workers;
    private readonly Action<int> work;
    // The last item taken of each thread's own items.
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
        // With one thread, the memory is not padded to a whole cache line.
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

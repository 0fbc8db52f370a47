using System.Runtime.ExceptionServices;

namespace Kernels.Abstractions;

/// <summary>
/// A fixed team of threads that run the same piece of work together. The calling thread is number 0; the helpers stay alive, spin
/// briefly for the next piece of work and then sleep, so consecutive short calls start fast and an idle team uses no processor.
/// Running a piece of work allocates nothing.
/// </summary>
public sealed class WorkerTeam : IDisposable
{
    // Longer than the gap between two benchmark calls.
    private const int SpinsBeforeSleep = 2000;

    // A helper that has not started yet may need the caller's processor.
    private const int SpinsBeforeYield = 500;

    private readonly Lock running = new();
    private readonly object wake = new();
    private readonly Thread[] helpers;
    private Action<int>? work;
    private Exception? failure;
    private int generation;
    private int pending;
    private int sleepers;
    private int callerProcessor;
    private bool disposed;

    /// <summary>Starts <paramref name="threads"/> − 1 helper threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public WorkerTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            int thread = i + 1;
            helpers[i] = new Thread(() => Serve(thread)) { IsBackground = true, Name = $"kernel worker {thread}" };
            helpers[i].Start();
        }
    }

    /// <summary>Threads in the team, the calling one included.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="body"/> once on each thread, with the thread's number, and waits for all.</summary>
    /// <exception cref="ObjectDisposedException">The team was disposed.</exception>
    public void Run(Action<int> body)
    {
        lock (running)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            work = body;
            failure = null;
            pending = helpers.Length;
            callerProcessor = ProcessorPlacement.Current();
            Announce();
            RunBody(0);
            Join();
            work = null;
            if (failure is { } thrown)
                ExceptionDispatchInfo.Throw(thrown);
        }
    }

    /// <summary>Ends the helper threads.</summary>
    public void Dispose()
    {
        lock (running)
        {
            if (disposed)
                return;
            disposed = true;
            Announce();
        }
        foreach (Thread helper in helpers)
            helper.Join();
    }

    private void Serve(int thread)
    {
        int seen = 0;
        while (true)
        {
            seen = WaitForWork(seen);
            if (disposed)
                return;
            // On the caller's processor the two threads would time-share for milliseconds.
            if (callerProcessor != ProcessorPlacement.Unknown && callerProcessor == ProcessorPlacement.Current())
                ProcessorPlacement.Leave(callerProcessor);
            RunBody(thread);
            Interlocked.Decrement(ref pending);
        }
    }

    // Both interlocked increments are full fences: either the helper sees the new generation before it sleeps, or this thread sees it as a
    // sleeper. Spinning helpers need no lock.
    private void Announce()
    {
        Interlocked.Increment(ref generation);
        if (Volatile.Read(ref sleepers) == 0)
            return;
        lock (wake)
            Monitor.PulseAll(wake);
    }

    private int WaitForWork(int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Volatile.Read(ref generation) != seen)
                return seen + 1;
            Thread.SpinWait(1);
        }
        lock (wake)
        {
            Interlocked.Increment(ref sleepers);
            while (Volatile.Read(ref generation) == seen)
                Monitor.Wait(wake);
            Interlocked.Decrement(ref sleepers);
        }
        return seen + 1;
    }

    private void Join()
    {
        for (int spin = 0; spin < SpinsBeforeYield; spin++)
        {
            if (Volatile.Read(ref pending) == 0)
                return;
            Thread.SpinWait(1);
        }
        var spinner = new SpinWait();
        while (Volatile.Read(ref pending) > 0)
            spinner.SpinOnce(sleep1Threshold: -1);
    }

    private void RunBody(int thread)
    {
        try
        {
            work!(thread);
        }
        catch (Exception exception)
        {
            // The first failure is rethrown to the caller; later ones are usually its consequences.
            Interlocked.CompareExchange(ref failure, exception, null);
        }
    }
}

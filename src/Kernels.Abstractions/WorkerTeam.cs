using System.Runtime.ExceptionServices;

namespace Kernels.Abstractions;

/// <summary>
/// A fixed team of threads that run the same piece of work together. The calling thread is number 0; the others are kept alive, spin
/// briefly for the next piece and then sleep, so that short calls in a row start within a microsecond and an idle team costs nothing.
/// Running a piece of work allocates nothing.
/// </summary>
public sealed class WorkerTeam : IDisposable
{
    // About 50 µs of spinning on the machines measured; longer than the gap between two benchmark calls.
    private const int SpinsBeforeSleep = 2000;

    private readonly Lock running = new();
    private readonly object wake = new();
    private readonly Thread[] helpers;
    private Action<int>? work;
    private Exception? failure;
    private int generation;
    private int pending;
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
            Volatile.Write(ref pending, helpers.Length);
            lock (wake)
            {
                generation++;
                Monitor.PulseAll(wake);
            }
            RunBody(0);
            var spinner = new SpinWait();
            while (Volatile.Read(ref pending) > 0)
                spinner.SpinOnce(sleep1Threshold: -1);
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
            lock (wake)
            {
                generation++;
                Monitor.PulseAll(wake);
            }
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
            RunBody(thread);
            Interlocked.Decrement(ref pending);
        }
    }

    private int WaitForWork(int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep && Volatile.Read(ref generation) == seen; spin++)
            Thread.SpinWait(1);
        lock (wake)
        {
            while (generation == seen)
                Monitor.Wait(wake);
            return generation;
        }
    }

    private void RunBody(int thread)
    {
        try
        {
            work!(thread);
        }
        catch (Exception exception)
        {
            // The first failure is rethrown to the caller; the others only followed it.
            Interlocked.CompareExchange(ref failure, exception, null);
        }
    }
}

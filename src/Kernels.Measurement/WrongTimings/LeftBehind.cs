using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Kernels.Results;
using static Kernels.Measurement.WrongTimings.WrongTiming;

namespace Kernels.Measurement.WrongTimings;

/// <summary>Cheats that go on after a call has returned, or leave the thread of their caller in another state.</summary>
internal static unsafe partial class LeftBehind
{
    // Longer than the measurement waits for threads to rest, and over soon after it.
    private const double SecondsAtWork = 0.6;

    private static byte[]? garbage;

    public static IEnumerable<WrongTiming> Create()
    {
        string? noLinux = OperatingSystem.IsLinux() ? null : "this is tried on Linux alone";
        string? noSse = noLinux ?? (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? null : "the control register is that of x64");
        yield return LeftToThread();
        yield return new WrongTiming("flushes-subnormals", "flushes subnormal numbers to zero from then on", TimingFault.FloatingPointMode, head =>
        {
            head.Compute();
            FlushSubnormals();
        })
        { Untried = noSse };
        yield return new WrongTiming("pins-caller", "pins the thread of its caller to one processor", TimingFault.Affinity, head =>
        {
            head.Compute();
            Pin();
        })
        { Untried = noLinux ?? (Environment.ProcessorCount > 1 ? null : "there is one processor") };
        yield return new WrongTiming("raises-priority", "raises the priority of its caller's thread", TimingFault.Priority, head =>
        {
            head.Compute();
            Thread.CurrentThread.Priority = ThreadPriority.Highest;
        });
        yield return Background("allocates-behind", "allocates on a thread after a call", TimingFault.AllocatesAfterwards, threads: 1, () =>
        {
            Volatile.Write(ref garbage, new byte[100_000]);
            Thread.Sleep(1);
        });
        yield return Background(
            "spins-behind", "leaves threads that spin, and starve the next kernel", TimingFault.BusyAfterwards, 2 * Environment.ProcessorCount,
            () => Thread.SpinWait(100));
    }

    private static WrongTiming LeftToThread()
    {
        // Of several calls only the last is computed, so that little is left when the measurement ends.
        var left = new ConcurrentDictionary<int, Head>();
        return new WrongTiming("left-to-thread", "returns at once, and leaves the work to a thread", TimingFault.Unfinished, head =>
        {
            left[head.Index] = head;
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    if (left.TryRemove(head.Index, out Head? last))
                        last.Compute();
                },
                null);
        });
    }

    private static WrongTiming Background(string name, string cheat, TimingFault expected, int threads, Action work)
    {
        long end = 0;
        int running = 0;
        return new WrongTiming(name, cheat, expected, head =>
        {
            head.Compute();
            Volatile.Write(ref end, Stopwatch.GetTimestamp() + (long)(SecondsAtWork * Stopwatch.Frequency));
            while (Volatile.Read(ref running) < threads)
            {
                Interlocked.Increment(ref running);
                new Thread(Work) { IsBackground = true }.Start();
            }
        });

        void Work()
        {
            while (Stopwatch.GetTimestamp() < Volatile.Read(ref end))
                work();
            Interlocked.Decrement(ref running);
        }
    }

    private static void Pin()
    {
        const int Words = 16;
        ulong* first = stackalloc ulong[Words];
        new Span<ulong>(first, Words).Clear();
        first[0] = 1;
        _ = SetAffinity(0, Words * sizeof(ulong), first);
    }

    // fenv_t of the C library on x64: 28 bytes of the x87 unit, then the control register of SSE; 0x8040 are its bits FTZ and DAZ.
    private static void FlushSubnormals()
    {
        uint* environment = stackalloc uint[8];
        if (GetEnvironment(environment) != 0)
            return;
        environment[7] |= 0x8040;
        _ = SetEnvironment(environment);
    }

    [LibraryImport("libm.so.6", EntryPoint = "fegetenv")]
    private static partial int GetEnvironment(uint* environment);

    [LibraryImport("libm.so.6", EntryPoint = "fesetenv")]
    private static partial int SetEnvironment(uint* environment);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}

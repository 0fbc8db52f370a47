using System.Diagnostics;
using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>What threads of this process do when no kernel is called: work that a call left behind, or threads that wait by spinning.</summary>
internal static class Aftermath
{
    private const double SecondsOfWindow = 0.01;

    // Libraries let their threads spin for some tens of milliseconds in wait of the next call. It is processor time that counts, which beside
    // other load takes longer.
    private const double MostSeconds = 0.06;
    private const int MostAllocating = 10, MostWindows = 300, MostParts = 10;

    /// <summary>Waits until nothing is at work any more: 10 ms, or longer where something is.</summary>
    /// <exception cref="TimingException">Something goes on.</exception>
    public static void RequireQuiet()
    {
        double used = 0;
        int allocating = 0;
        for (int window = 0; window < MostWindows; window++)
        {
            IdleWindow seen = Watch();
            if (seen.IsQuiet)
                return;
            used += seen.Run;
            allocating = seen.Allocates ? allocating + 1 : 0;
            if (allocating == MostAllocating)
                throw new TimingException(TimingFault.AllocatesAfterwards, $"threads go on to allocate after the last call: {seen.Bytes:N0} bytes in 10 ms");
            if (used > MostSeconds)
            {
                throw new TimingException(
                    TimingFault.BusyAfterwards,
                    $"threads are at work after the last call: they have used {1e3 * used:0} ms of processor time, and slow down what runs next");
            }
        }
    }

    /// <summary>Waits for what was begun before a kernel is measured, at least 10 ms, so that it is not blamed on this kernel.</summary>
    /// <exception cref="InvalidOperationException">It does not end.</exception>
    public static void AwaitQuiet(CancellationToken stop)
    {
        for (int window = 0; window < MostWindows; window++)
        {
            stop.ThrowIfCancellationRequested();
            if (Watch().IsQuiet)
                return;
        }
        throw new InvalidOperationException("threads of this process, begun before the kernel, are at work and do not end");
    }

    private static IdleWindow Watch()
    {
        var before = new ThreadTimes();
        long bytes = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        for (int part = 1; ; part++)
        {
            Thread.Sleep(TimeSpan.FromSeconds(SecondsOfWindow));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long allocated = (GC.GetTotalAllocatedBytes() - bytes) / part;
            IdleWindow window = IdleWindow.Of([.. new ThreadTimes().Since(before)], seconds, allocated);
            if (window.IsDecided || part == MostParts)
                return window;
        }
    }
}

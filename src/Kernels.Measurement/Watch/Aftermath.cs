using System.Diagnostics;
using System.Globalization;
using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>What threads of this process do when no kernel is called: work that a call left behind, or threads that wait by spinning.</summary>
internal static class Aftermath
{
    // Libraries let their threads spin for some tens of milliseconds in wait of the next call.
    private const int Windows = 20;
    private const double SecondsOfWindow = 0.01, MostBusy = 0.3;
    private const long MostBytes = 64 << 10;

    /// <summary>Waits until nothing is at work any more; at most 0.2 s.</summary>
    /// <exception cref="TimingException">Something still is.</exception>
    public static void RequireQuiet()
    {
        (double busy, long allocated) = (0, 0);
        for (int window = 0; window < Windows; window++)
        {
            (busy, allocated) = Watch();
            if (IsQuiet((busy, allocated)))
                return;
        }
        if (allocated >= MostBytes)
            throw new TimingException(TimingFault.AllocatesAfterwards, $"threads still allocate after the last call: {allocated:N0} bytes in 10 ms");
        throw new TimingException(
            TimingFault.BusyAfterwards,
            string.Create(CultureInfo.InvariantCulture, $"threads are still at work after the last call: they use {busy:0.0} processors, and slow down what runs next"));
    }

    /// <summary>Whether nothing is at work, which takes 10 ms to find out.</summary>
    public static bool IsQuiet() => IsQuiet(Watch());

    private static bool IsQuiet((double Busy, long Allocated) window) => window is { Busy: < MostBusy, Allocated: < MostBytes };

    private static (double Busy, long Allocated) Watch()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long bytes = GC.GetTotalAllocatedBytes();
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(SecondsOfWindow));
        double busy = (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start);
        return (busy, GC.GetTotalAllocatedBytes() - bytes);
    }
}

using System.Diagnostics;

namespace Kernels.Measurement.Cases;

/// <summary>How long calls take, roughly, so that samples can be planned: nothing of it is a result.</summary>
internal static class Pilot
{
    /// <summary>
    /// Nanoseconds of a call on warm caches. The first call touches the pages of output and scratch; more tell the time better, and fast
    /// kernels get about thirty, so that code which the runtime recompiles after so many calls is final. They come in growing batches,
    /// because a peer that has just been asked is slow at first.
    /// </summary>
    public static double CallNs(ISampled sampled)
    {
        const int MostCalls = 32;
        const double EnoughNs = 20e6;
        double total = 0, best = double.PositiveInfinity;
        for (int calls = 1, made = 0; made < MostCalls && total < EnoughNs; calls = Math.Min(2 * calls, MostCalls - made))
        {
            long start = Stopwatch.GetTimestamp();
            double ns = sampled.Call(calls) ?? Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            total += ns;
            best = Math.Min(best, ns / calls);
            made += calls;
        }
        return best;
    }

    /// <summary>
    /// One sample of one call, for what it writes; returns its nanoseconds with all that comes with it, such as a cold start.
    /// </summary>
    public static double WholeNs(ISampled sampled)
    {
        long start = Stopwatch.GetTimestamp();
        sampled.BeginSample(warmCalls: 0);
        sampled.Call(1);
        sampled.EndSample(1);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}

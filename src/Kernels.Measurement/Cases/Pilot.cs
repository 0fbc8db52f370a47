using System.Diagnostics;

namespace Kernels.Measurement.Cases;

/// <summary>Estimates the time of a call, to plan samples; no part of the results.</summary>
internal static class Pilot
{
    /// <summary>
    /// Nanoseconds of a call with warm caches. The first call touches the pages of output and scratch. Fast kernels get about thirty calls,
    /// after which the runtime has recompiled its own methods. They come in growing batches, because the first calls of a peer after a
    /// request are slow.
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
    /// One sample of one call on the inputs as given, for its output; returns its nanoseconds including preparation such as a cold start.
    /// </summary>
    public static double WholeNs(ISampled sampled)
    {
        long start = Stopwatch.GetTimestamp();
        sampled.BeginSample(new Sample(sampled, Calls: 1, WarmCalls: 0) { EndsAsGiven = true });
        sampled.Call(1);
        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        sampled.EndSample(1);
        return ns;
    }
}

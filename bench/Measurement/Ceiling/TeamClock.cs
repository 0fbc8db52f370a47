using System.Diagnostics;
using Kernels.Abstractions;

namespace Kernels.Bench.Measurement.Ceiling;

/// <summary>Times a piece of work that every thread of a team does at the same time.</summary>
internal static class TeamClock
{
    private const int Samples = 7;
    private const double SecondsPerSample = 0.015;

    /// <summary>
    /// Median seconds of one unit of <paramref name="work"/>(thread, units). The number of units is raised until a sample is long enough
    /// for the clock and for the team to have started.
    /// </summary>
    public static double MedianSeconds(WorkerTeam team, Action<int, long> work)
    {
        long units = 1;
        double seconds = Time(team, work, units);
        while (seconds < SecondsPerSample)
        {
            units = Math.Max(units + 1, (long)(units * Math.Min(16, 1.2 * SecondsPerSample / Math.Max(seconds, 1e-7))));
            seconds = Time(team, work, units);
        }
        double[] samples = new double[Samples];
        for (int i = 0; i < Samples; i++)
            samples[i] = Time(team, work, units) / units;
        return MedianInterval.Of(samples).Median;
    }

    private static double Time(WorkerTeam team, Action<int, long> work, long units)
    {
        long start = Stopwatch.GetTimestamp();
        team.Run(thread => work(thread, units));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

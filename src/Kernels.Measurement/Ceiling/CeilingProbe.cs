using System.Diagnostics;
using Kernels.Abstractions;

namespace Kernels.Measurement.Ceiling;

/// <summary>A piece of work that every thread of a team does at the same time, and the rate that the team reaches at it.</summary>
internal sealed class CeilingProbe
{
    private const int Samples = 7;
    private const double SecondsPerSample = 0.015;

    private readonly WorkerTeam team;
    private readonly double amountPerUnit;
    private readonly Action<int, long> work;
    private long unitsPerSample;
    private double best;

    /// <summary>Prepares work of which one unit is <paramref name="amountPerUnit"/> operations or bytes, all threads together.</summary>
    public CeilingProbe(WorkerTeam team, double amountPerUnit, Action<int, long> work)
    {
        this.team = team;
        this.amountPerUnit = amountPerUnit;
        this.work = work;
    }

    /// <summary>
    /// 10⁹ operations or bytes a second in the best sample: a ceiling is a maximum, and whatever else runs on the machine can only lower a
    /// sample.
    /// </summary>
    public double GigaPerSecond => best / 1e9;

    /// <summary>
    /// Samples all of them in turn, so that what disturbs the machine for a moment spoils one sample of each and not all samples of one.
    /// </summary>
    public static void SampleInTurn(IReadOnlyList<CeilingProbe> probes)
    {
        for (int sample = 0; sample < Samples; sample++)
            foreach (CeilingProbe probe in probes)
                probe.Sample();
    }

    /// <summary>10⁹ operations or bytes a second in one more sample.</summary>
    public double Sample()
    {
        if (unitsPerSample == 0)
            unitsPerSample = UnitsPerSample();
        double perSecond = amountPerUnit * unitsPerSample / Seconds(unitsPerSample);
        best = Math.Max(best, perSecond);
        return perSecond / 1e9;
    }

    /// <summary>Raises the number of units until a sample is long enough for the clock, and for the team to have started.</summary>
    private long UnitsPerSample()
    {
        const double ShortestTime = 1e-7;
        long units = 1;
        for (double seconds = Seconds(units); seconds < SecondsPerSample; seconds = Seconds(units))
            units = Math.Max(units + 1, (long)(units * Math.Min(16, 1.2 * SecondsPerSample / Math.Max(seconds, ShortestTime))));
        return units;
    }

    private double Seconds(long units)
    {
        long start = Stopwatch.GetTimestamp();
        team.Run(thread => work(thread, units));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

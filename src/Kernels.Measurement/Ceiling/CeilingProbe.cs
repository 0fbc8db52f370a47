using System.Diagnostics;
using Kernels.Abstractions;

namespace Kernels.Measurement.Ceiling;

/// <summary>A loop that every thread of a team runs at the same time, and the rate that the team reaches.</summary>
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
    /// 10⁹ operations or bytes a second in the best sample, since other load can only lower a sample.
    /// </summary>
    public double GigaPerSecond => best / 1e9;

    /// <summary>
    /// Samples all probes in turn, so that a short disturbance affects one sample of each and not all samples of one.
    /// </summary>
    public static void SampleInTurn(IReadOnlyList<CeilingProbe> probes)
    {
        for (int sample = 0; sample < Samples; sample++)
            foreach (CeilingProbe probe in probes)
                probe.Sample();
    }

    /// <summary>Takes one more sample: 10⁹ operations or bytes a second.</summary>
    public double Sample()
    {
        if (unitsPerSample == 0)
            unitsPerSample = UnitsPerSample();
        double perSecond = amountPerUnit * unitsPerSample / Seconds(unitsPerSample);
        best = Math.Max(best, perSecond);
        return perSecond / 1e9;
    }

    /// <summary>
    /// Increases the number of units until a sample is long relative to the clock's resolution and the start of the team.
    /// </summary>
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

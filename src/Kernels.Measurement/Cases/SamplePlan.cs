using Kernels.Results;

namespace Kernels.Measurement.Cases;

/// <summary>
/// How a case is sampled: fast calls are averaged in samples long enough for the clock, slow calls are sampled one by one.
/// </summary>
/// <param name="Samples">Number of samples.</param>
/// <param name="CallsPerSample">Calls that a sample averages.</param>
public readonly record struct SamplePlan(int Samples, int CallsPerSample)
{
    /// <summary>Enough for a narrow interval of the median; more samples would only be shorter.</summary>
    private const int MostSamples = 15;

    /// <summary>Untimed calls of every case: one that probes the time.</summary>
    private const int ExtraCalls = 1;

    /// <summary>Samples that are not counted. A single slow call needs none.</summary>
    public int Warmups { get; init; } = CallsPerSample == 1 ? 0 : 1;

    /// <summary>
    /// The plan for cold caches: one call in each sample, and one warm-up sample for the code of the benchmark itself, because these calls
    /// may be short.
    /// </summary>
    public SamplePlan Cold => this with { CallsPerSample = 1, Warmups = 1 };

    /// <summary>Samples that together take about <paramref name="target"/> seconds, and never fewer than an interval needs.</summary>
    public static SamplePlan For(double secondsPerCall, double target)
    {
        double calls = target / secondsPerCall;
        int samples = (int)Math.Clamp(calls, MedianInterval.FewestSamples, MostSamples);
        return new SamplePlan(samples, (int)Math.Clamp(calls / samples, 1, 1_000_000));
    }

    /// <summary>The least seconds of a case, given the time of a call.</summary>
    public static double LeastSeconds(double secondsPerCall) => (MedianInterval.FewestSamples + ExtraCalls) * secondsPerCall;
}

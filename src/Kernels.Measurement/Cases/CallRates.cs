using System.Globalization;
using Kernels.Abstractions;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Predicts the time of a call from earlier rates of the same kernel: exact operations divided by the rate at the nearest smaller problem.
/// Memory-bound and overhead-bound cases are off by some factor, which suffices to skip cases that would take far too long.
/// </summary>
public sealed class CallRates
{
    private readonly Dictionary<(string Kernel, int Threads), List<Sample>> samples = [];

    /// <summary>Whether any time of the kernel is known.</summary>
    public bool Knows(string kernel) => samples.Keys.Any(key => key.Kernel == kernel);

    /// <summary>Records the time of a call.</summary>
    public void Add(PlannedCase measured, double secondsPerCall)
    {
        var key = (measured.Kernel.Info.Name, measured.Threads);
        if (!samples.TryGetValue(key, out List<Sample>? known))
            samples[key] = known = [];
        known.Add(new Sample(measured.ExactFlops, secondsPerCall, measured.Problem));
    }

    /// <summary>The prediction for a case; null without an earlier time of its kernel.</summary>
    public CallPrediction? Predict(PlannedCase planned)
    {
        string kernel = planned.Kernel.Info.Name;
        // For another number of threads, linear scaling is assumed.
        int threads = samples.Keys
            .Where(key => key.Kernel == kernel)
            .Select(key => key.Threads)
            .OrderBy(known => known == planned.Threads ? 0 : known)
            .FirstOrDefault();
        if (!samples.TryGetValue((kernel, threads), out List<Sample>? known))
            return null;
        Sample nearest = known.Where(sample => sample.Flops <= planned.ExactFlops).MaxBy(sample => sample.Flops) ?? known.MinBy(sample => sample.Flops)!;
        double seconds = nearest.Seconds * planned.ExactFlops / nearest.Flops * threads / planned.Threads;
        string source = string.Create(
            CultureInfo.InvariantCulture,
            $"{nearest.Flops / nearest.Seconds / 1e9:G3} GFLOP/s at {nearest.Problem} on {threads} thread{(threads == 1 ? "" : "s")}");
        return new CallPrediction(seconds, source);
    }

    private sealed record Sample(double Flops, double Seconds, AttentionProblem Problem);
}

/// <summary>Predicted time of a call.</summary>
/// <param name="Seconds">Seconds.</param>
/// <param name="Source">The measurement it is based on, for the report.</param>
public sealed record CallPrediction(double Seconds, string Source);

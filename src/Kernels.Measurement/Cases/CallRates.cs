using System.Globalization;
using Kernels.Abstractions;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Predicts how long a call takes from the rates that the same kernel reached before: exact operations divided by the rate at the
/// nearest smaller problem. Memory-bound and overhead-bound cases are predicted badly, but only by a factor, and the prediction serves
/// only to leave out what would take far too long.
/// </summary>
public sealed class CallRates
{
    private readonly Dictionary<(string Kernel, int Threads), List<Sample>> samples = [];

    /// <summary>Whether any time of the kernel is known.</summary>
    public bool Knows(string kernel) => samples.Keys.Any(key => key.Kernel == kernel);

    /// <summary>Notes that a call took this long.</summary>
    public void Add(PlannedCase measured, double secondsPerCall)
    {
        var key = (measured.Kernel.Info.Name, measured.Threads);
        if (!samples.TryGetValue(key, out List<Sample>? known))
            samples[key] = known = [];
        known.Add(new Sample(measured.ExactFlops, secondsPerCall, measured.Problem));
    }

    /// <summary>The prediction for a case; null when nothing is known of its kernel.</summary>
    public CallPrediction? Predict(PlannedCase planned)
    {
        string kernel = planned.Kernel.Info.Name;
        // With another number of threads, the work is assumed to be shared evenly.
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
            CultureInfo.InvariantCulture, $"{nearest.Flops / nearest.Seconds / 1e9:G3} GFLOP/s at {nearest.Problem} on {threads} thread{(threads == 1 ? "" : "s")}");
        return new CallPrediction(seconds, source);
    }

    private sealed record Sample(double Flops, double Seconds, AttentionProblem Problem);
}

/// <summary>How long a call is expected to take.</summary>
/// <param name="Seconds">Seconds.</param>
/// <param name="Source">The measurement that it comes from, for the report.</param>
public sealed record CallPrediction(double Seconds, string Source);

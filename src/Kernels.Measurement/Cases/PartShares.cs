using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>The parts of a kernel's time on one thread: medians of a few calls whose stages are timed apart, after those that are measured.</summary>
internal static class PartShares
{
    private const int MostCalls = 5;
    private const double MostSeconds = 2;

    /// <summary>Shares of each part, which sum to 1; null for a kernel without parts.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="inputs">Of the problem.</param>
    /// <param name="callSeconds">What a call takes.</param>
    public static IReadOnlyList<PartShare>? Of(Kernel kernel, Inputs inputs, double callSeconds)
    {
        Plan plan = kernel.Plan(inputs.Problem);
        if (plan.Parts.IsEmpty)
            return null;
        using var clock = new StageClock();
        using var buffers = new CallBuffers(kernel, inputs, clock);
        int calls = (int)Math.Clamp(MostSeconds / callSeconds, 1, MostCalls);
        string[] parts = [.. plan.Parts.Distinct()];
        double[][] shares = [.. parts.Select(_ => new double[calls])];
        for (int call = -1; call < calls; call++)
        {
            buffers.Call.Run();
            double[] seconds = [.. clock.Seconds];
            // The first call warms the caches.
            for (int part = 0; part < parts.Length && call >= 0; part++)
                shares[part][call] = seconds.Where((_, stage) => plan.Parts[stage] == parts[part]).Sum() / seconds.Sum();
        }
        double[] medians = [.. shares.Select(each => MedianInterval.Of(each).Median)];
        return [.. parts.Select((part, i) => new PartShare(part, medians[i] / medians.Sum()))];
    }
}

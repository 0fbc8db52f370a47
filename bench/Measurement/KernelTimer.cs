using System.Diagnostics;

namespace Kernels.Bench.Measurement;

/// <summary>Times a kernel of this process with BenchmarkDotNet.</summary>
internal sealed class KernelTimer(BenchmarkEngine engine, TimedCase timed) : ICaseTimer
{
    /// <inheritdoc/>
    public double? AllocatedBytesPerCall => timed.AllocatedBytesPerCall;

    /// <inheritdoc/>
    public double Probe()
    {
        const int MostCalls = 32;
        const double Enough = 0.02;
        double total = 0, best = double.PositiveInfinity;
        for (int call = 0; call < MostCalls && total < Enough; call++)
        {
            double seconds = Seconds();
            total += seconds;
            best = Math.Min(best, seconds);
        }
        return best;
    }

    /// <inheritdoc/>
    public double[] NanosecondsPerCall(SamplePlan plan) => engine.NanosecondsPerCall(timed, plan);

    private double Seconds()
    {
        long start = Stopwatch.GetTimestamp();
        timed.Forward();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

using System.Diagnostics;

namespace Kernels.Abstractions;

/// <summary>Runs the items in order on the calling thread, as <see cref="SerialExecutor"/> does, and times each stage of the last call.</summary>
public sealed class StageClock : IExecutor
{
    private long[] ticks = [];

    /// <inheritdoc/>
    public int Threads => 1;

    /// <summary>Seconds of each stage of the last call.</summary>
    public IEnumerable<double> Seconds => ticks.Select(each => (double)each / Stopwatch.Frequency);

    /// <inheritdoc/>
    public void Run(Kernel kernel, in Call call)
    {
        if (ticks.Length != call.Plan.Stages.Length)
            ticks = new long[call.Plan.Stages.Length];
        for (int stage = 0; stage < ticks.Length; stage++)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int item = 0; item < call.Plan.Stages[stage]; item++)
                kernel.Compute(call, stage, item);
            ticks[stage] = Stopwatch.GetTimestamp() - begin;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

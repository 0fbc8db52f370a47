namespace Kernels.Abstractions;

/// <summary>Runs the work items of a call, stage by stage. An executor stands beside kernels and is none.</summary>
public interface IExecutor : IDisposable
{
    /// <summary>Threads that compute items at the same time, each with memory of its own.</summary>
    int Threads { get; }

    /// <summary>Computes all items. Allocates nothing.</summary>
    void Run(Kernel kernel, in Call call);
}

/// <summary>One item after the other, on the calling thread.</summary>
public sealed class SerialExecutor : IExecutor
{
    /// <summary>The only one that is needed.</summary>
    public static SerialExecutor Instance { get; } = new();

    /// <inheritdoc/>
    public int Threads => 1;

    /// <inheritdoc/>
    public void Run(Kernel kernel, in Call call)
    {
        for (int stage = 0; stage < call.Plan.Stages.Length; stage++)
            for (int item = 0; item < call.Plan.Stages[stage]; item++)
                kernel.Compute(call, stage, item);
    }

    /// <summary>Nothing to end.</summary>
    public void Dispose()
    {
    }
}

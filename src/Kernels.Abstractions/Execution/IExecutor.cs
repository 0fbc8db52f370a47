namespace Kernels.Abstractions;

/// <summary>Runs the work items of a call, stage by stage.</summary>
public interface IExecutor : IDisposable
{
    /// <summary>Threads that compute items concurrently, each with its own memory.</summary>
    int Threads { get; }

    /// <summary>Computes all items. Allocates nothing.</summary>
    void Run(Kernel kernel, in Call call);
}

/// <summary>Runs the items in order on the calling thread.</summary>
public sealed class SerialExecutor : IExecutor
{
    /// <summary>The shared instance; it has no state.</summary>
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

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }
}

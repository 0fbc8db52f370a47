namespace Kernels.Abstractions;

/// <summary>
/// What runs whole calls of a kernel in place of threads of this process: a device with memory of its own, or another program. A call of such a
/// kernel has one work item, which copies inputs there and outputs back.
/// </summary>
public abstract class Backend
{
    /// <summary>What it is, for the report: a device and its driver, or a library and its version.</summary>
    public abstract string Name { get; }

    /// <summary>Version of the library; null for what has none, or does not tell.</summary>
    public virtual string? Version => null;

    /// <summary>Whether it only imitates hardware, so that times say nothing and are not taken.</summary>
    public virtual bool IsEmulated => false;

    /// <summary>
    /// Whether its own clock tells what a call takes, because the copies of a call are not the kernel's but the suite's; otherwise the calling
    /// thread does (end to end), and the clock of the device tells the launches alone.
    /// </summary>
    public virtual bool TimesItself => false;

    /// <summary>Whether it computes with as many threads as it is told; a device is parallel itself.</summary>
    public virtual bool TakesThreads => false;

    /// <summary>Whether it promises nothing of NaN and infinite inputs.</summary>
    public virtual bool FiniteInputsOnly => false;

    /// <summary>Why it is given up, although it is there; null while it answers.</summary>
    public virtual string? Failure => null;

    /// <summary>What it can do at most, measured now; null where nothing measures it.</summary>
    public virtual DevicePeaks? MeasurePeaks() => null;

    /// <summary>Computes a call, whose inputs may have changed since the last.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="call">Operands.</param>
    /// <param name="threads">Threads to compute with, where it <see cref="TakesThreads"/>.</param>
    public virtual void Run(Kernel kernel, in Call call, int threads) => kernel.Compute(call, 0, 0);

    /// <summary>
    /// Nanoseconds of each of some calls one after the other by its own clock. What prepares the inputs, such as copying
    /// them, is not in it; calls with the same <see cref="Call.Memory"/> have the same inputs.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="call">Operands; the outputs are those of the last call.</param>
    /// <param name="calls">At least 1.</param>
    /// <param name="threads">Threads to compute with, where it <see cref="TakesThreads"/>.</param>
    /// <param name="stop">Ends it in the middle of a call where that is possible.</param>
    public abstract double[] Nanoseconds(Kernel kernel, in Call call, int calls, int threads, CancellationToken stop);
}

/// <summary>Hands calls to the <see cref="Backend"/> of their kernel.</summary>
/// <param name="threads">At least 1.</param>
public sealed class BackendExecutor(int threads) : IExecutor
{
    /// <inheritdoc/>
    public int Threads => threads;

    /// <inheritdoc/>
    public void Run(Kernel kernel, in Call call) => kernel.Backend!.Run(kernel, call, threads);

    /// <summary>The backend belongs to the kernel.</summary>
    public void Dispose()
    {
    }
}

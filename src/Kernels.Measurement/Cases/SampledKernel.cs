using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>A kernel on one problem with its own executor, outputs and memory; inputs that need no conversion are shared.</summary>
internal sealed class SampledKernel : ISampled
{
    private readonly Kernel kernel;
    private readonly Problem problem;
    private readonly IExecutor executor;
    private readonly CallBuffers buffers;
    private readonly ColdStart? coldStart;
    private readonly CancellationToken stop;
    private readonly bool timesItself;
    private double leastAllocated = double.PositiveInfinity;
    private long allocatedBefore;
    private int warmCallsOfBackend;

    /// <summary>Prepares the call. With <paramref name="eviction"/>, the caches are emptied before every sample.</summary>
    public SampledKernel(Kernel kernel, int threads, Inputs inputs, CacheEviction? eviction, CancellationToken stop)
    {
        this.kernel = kernel;
        this.stop = stop;
        problem = inputs.Problem;
        timesItself = kernel.Backend is { TimesItself: true };
        executor = Executors.For(kernel, threads);
        buffers = new CallBuffers(kernel, inputs, executor);
        coldStart = eviction is null ? null : new ColdStart(eviction, kernel, executor, (AttentionProblem)problem);
    }

    /// <inheritdoc/>
    public string Name => kernel.Info.Name;

    /// <inheritdoc/>
    public double ExactFlops => kernel.Info.Operation.Flops(problem);

    /// <inheritdoc/>
    public double? ExecutedFlops => kernel.Plan(problem).ExecutedFlops;

    /// <inheritdoc/>
    public long Bytes => kernel.Info.Operation.Bytes(problem, kernel.Info.Format);

    /// <inheritdoc/>
    public bool RunsOnProcessor => kernel.Backend is null or { TakesThreads: true };

    /// <summary>Managed bytes of all threads of the process; the minimum over samples, because other threads can only add.</summary>
    public double? AllocatedBytesPerCall => timesItself ? null : leastAllocated;

    /// <summary>
    /// Bytes that the kernel needs besides its operands, all threads together; null for another program, whose memory is unknown.
    /// </summary>
    public long? MemoryBytes => timesItself ? null : buffers.Memory.Bytes;

    /// <summary>
    /// Warm-up calls of a backend with its own clock are part of the sample's request, because its process loses warm caches between two
    /// requests.
    /// </summary>
    public void BeginSample(int warmCalls)
    {
        if (coldStart is null && !timesItself)
            Call(warmCalls);
        if (buffers.Accumulates)
            buffers.WriteInputs();
        buffers.PoisonOutputs();
        warmCallsOfBackend = warmCalls;
        allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        coldStart?.Prepare();
    }

    /// <inheritdoc/>
    public double? Call(int calls)
    {
        if (timesItself)
            return buffers.Call.Nanoseconds(warmCallsOfBackend + calls, stop).Skip(warmCallsOfBackend).Sum();
        for (int i = 0; i < calls; i++)
        {
            stop.ThrowIfCancellationRequested();
            buffers.Call.Run();
        }
        return null;
    }

    /// <inheritdoc/>
    public void EndSample(int calls)
    {
        double allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        leastAllocated = Math.Min(leastAllocated, allocated / calls);
        warmCallsOfBackend = 0;
    }

    /// <summary>Nanoseconds of each launch by the clock of the device; null for a kernel without a device.</summary>
    public double[]? DeviceNanoseconds(int launches)
    {
        if (RunsOnProcessor)
            return null;
        buffers.PoisonOutputs();
        return buffers.Call.Nanoseconds(launches, stop);
    }

    /// <inheritdoc/>
    public Verdict Check(Expectation reference)
    {
        if (buffers.Accumulates)
        {
            buffers.WriteInputs();
            buffers.Call.Run();
        }
        return Gate.Compare(kernel, reference, buffers.ReadOutputs());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        coldStart?.Dispose();
        buffers.Dispose();
        executor.Dispose();
    }
}

using Kernels.Abstractions;
using Kernels.Measurement.Watch;
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
    private readonly SampleWatch watch;
    private readonly ColdStart? coldStart;
    private readonly CancellationToken stop;
    private readonly bool timesItself;
    private double leastAllocated = double.PositiveInfinity;
    private long allocatedBefore;
    private int warmCallsOfBackend;
    private bool endsAsGiven;

    /// <summary>Prepares the call. With <paramref name="eviction"/>, the caches are emptied before every sample.</summary>
    public SampledKernel(Kernel kernel, int threads, Inputs inputs, CacheEviction? eviction, CancellationToken stop)
    {
        this.kernel = kernel;
        this.stop = stop;
        problem = inputs.Problem;
        timesItself = kernel.Backend is { TimesItself: true };
        executor = Executors.For(kernel, threads);
        buffers = new CallBuffers(kernel, inputs, executor);
        watch = new SampleWatch(kernel, buffers, inputs);
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

    /// <summary>Compares a row of each sample with this; without it a row must only be written.</summary>
    /// <param name="expectation">Computes what the inputs give; called when they are as they were given.</param>
    public void CompareWith(Func<Expectation> expectation)
    {
        watch.Inputs.Restore();
        watch.Expectation = expectation();
    }

    /// <summary>
    /// Warm-up calls of a backend with its own clock are part of the sample's request, because its process loses warm caches between two
    /// requests. A single call gets other inputs altogether; of several, each differs from the others by some numbers.
    /// </summary>
    public void BeginSample(Sample sample)
    {
        endsAsGiven = sample.EndsAsGiven;
        watch.Inputs.Restore();
        if (!sample.EndsAsGiven && (sample.Calls == 1 || timesItself))
            watch.Inputs.Replace();
        if (coldStart is null && !timesItself)
            Call(sample.WarmCalls);
        // A request to another program counts as one call: its inputs cannot change within it.
        watch.Begin(timesItself ? 1 : sample.Calls, sample.EndsAsGiven);
        if (buffers.Accumulates)
            buffers.WriteInputs();
        buffers.PoisonOutputs();
        if (timesItself)
            BeginRequest();
        warmCallsOfBackend = sample.WarmCalls;
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
            watch.Before(i);
            buffers.Call.Run();
            watch.After(i);
        }
        return null;
    }

    /// <inheritdoc/>
    public void EndSample(int calls)
    {
        double allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        leastAllocated = Math.Min(leastAllocated, allocated / calls);
        warmCallsOfBackend = 0;
        if (timesItself)
            watch.After(0);
        Blamed(watch.End);
        if (endsAsGiven && kernel.Backend is null)
            Blamed(Aftermath.RequireQuiet);
    }

    /// <summary>Requires that calls on inputs that the kernel has seen take as long as calls on new ones.</summary>
    /// <exception cref="TimingException">They do not.</exception>
    public void RequireNoMemory() => Blamed(() =>
    {
        MemoryTest.Require(watch.Inputs.Replace, watch.Inputs.WriteAgain, () =>
        {
            stop.ThrowIfCancellationRequested();
            if (timesItself)
            {
                kernel.Backend!.InputsChanged();
                return buffers.Call.Nanoseconds(1, stop)[0];
            }
            buffers.Call.Run();
            return null;
        });
        watch.Inputs.Restore();
    });

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
        watch.Inputs.Restore();
        coldStart?.Dispose();
        buffers.Dispose();
        executor.Dispose();
    }

    private void Blamed(Action work)
    {
        try
        {
            work();
        }
        catch (TimingException fault)
        {
            fault.Kernel = Name;
            throw;
        }
    }

    private void BeginRequest()
    {
        watch.Before(0);
        kernel.Backend!.InputsChanged();
    }
}

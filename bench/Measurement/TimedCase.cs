using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement;

/// <summary>
/// What the benchmark calls: one kernel with its inputs, output and scratch. Before every sample the output is filled with NaN, so what
/// it holds after the last one was computed by timed calls. Not disposable, because BenchmarkDotNet disposes its parameters before the
/// output can be checked.
/// </summary>
public sealed class TimedCase
{
    private readonly AttentionKernel kernel;
    private readonly AttentionInputs inputs;
    private readonly FencedBuffer output, scratch;
    private readonly CancellationToken stop;
    private long allocatedBefore, calls;

    /// <summary>Joins a kernel with memory that the caller owns; calls throw once <paramref name="stop"/> is cancelled.</summary>
    public TimedCase(AttentionKernel kernel, AttentionInputs inputs, FencedBuffer output, FencedBuffer scratch, CancellationToken stop)
    {
        this.kernel = kernel;
        this.inputs = inputs;
        this.output = output;
        this.scratch = scratch;
        this.stop = stop;
    }

    /// <summary>What comes before each sample, where caches are to be cold.</summary>
    internal ColdStart? ColdStart { get; init; }

    /// <summary>What a call threw: BenchmarkDotNet reports that a benchmark failed, but not why.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>
    /// Managed bytes that a call allocated, on all threads of the process: the least of all samples, because other threads can only add.
    /// </summary>
    public double AllocatedBytesPerCall { get; private set; } = double.PositiveInfinity;

    /// <summary>Poisons the output.</summary>
    public void BeginSample()
    {
        output.Span.Fill(float.NaN);
        calls = 0;
        allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        ColdStart?.Prepare();
    }

    /// <summary>Runs the kernel once.</summary>
    public void Forward()
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            kernel.Forward(inputs.Problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output.Span, scratch.Span);
            calls++;
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    /// <summary>Counts what the sample allocated.</summary>
    public void EndSample()
    {
        double allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        AllocatedBytesPerCall = Math.Min(AllocatedBytesPerCall, allocated / Math.Max(calls, 1));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{kernel.Info.Name} {inputs.Problem}";
}

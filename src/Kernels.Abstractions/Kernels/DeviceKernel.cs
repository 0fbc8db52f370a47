namespace Kernels.Abstractions;

/// <summary>
/// A kernel that runs on a device with its own memory. A call uploads, launches and downloads: its time is end to end, as a caller with
/// tensors in host memory sees it; the device's clock times the launches alone. One work item, since the device schedules its own threads;
/// calls are serialised.
/// </summary>
public abstract class DeviceKernel : AttentionKernel
{
    private readonly DeviceBackend backend;

    /// <summary>Touches no driver.</summary>
    protected DeviceKernel() => backend = new(this);

    /// <inheritdoc/>
    public sealed override Backend Backend => backend;

    /// <summary>The device; null when there is none.</summary>
    protected abstract string? Device { get; }

    /// <inheritdoc cref="Backend.IsEmulated"/>
    protected virtual bool IsEmulated => false;

    /// <inheritdoc cref="Backend.MeasurePeaks"/>
    protected virtual DevicePeaks? MeasurePeaks() => null;

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on the device; null when it can.</summary>
    protected abstract string? Refuses(AttentionProblem problem);

    /// <summary>Uploads, launches and downloads.</summary>
    /// <param name="call">Operands, in pinned or native host memory.</param>
    /// <param name="deviceNanoseconds">Receives the device time of each launch; when empty there is one launch, untimed.</param>
    protected abstract void Forward(in AttentionCall call, Span<double> deviceNanoseconds);

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(AttentionProblem problem) =>
        Refuses(problem) is { } reason ? Refuse(reason) : new Plan(1);

    /// <inheritdoc/>
    protected sealed override void Compute(in AttentionCall call, int stage, int item) => Forward(call, []);

    private sealed class DeviceBackend(DeviceKernel kernel) : Backend
    {
        public override string Name => kernel.Device ?? "no device";

        public override bool IsEmulated => kernel.IsEmulated;

        public override DevicePeaks? MeasurePeaks() => kernel.MeasurePeaks();

        public override double[] Nanoseconds(Kernel kernelOfCall, in Call call, int calls, int threads, CancellationToken stop)
        {
            double[] times = new double[calls];
            kernel.Forward(new AttentionCall(call), times);
            return times;
        }
    }
}

using System.Globalization;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// Attention on an NVIDIA GPU by the entries of attention.cu. Code and device memory are kept between calls.
/// </summary>
public abstract class CudaKernel : DeviceKernel
{
    // Limit of a grid in y and z (CUDA C++ programming guide, compute capabilities).
    private const int MostBlocks = 65535;

    private readonly CudaRuntime runtime;

    // The only compute capability whose code has the entries; null for all.
    private readonly Version? only;

    internal CudaKernel(CudaRuntime runtime, KernelInfo info, Version? only = null)
    {
        this.runtime = runtime;
        this.only = only;
        Info = info;
    }

    /// <inheritdoc/>
    public sealed override KernelInfo Info { get; }

    /// <inheritdoc/>
    public sealed override string? Unavailable => runtime.Unavailable
        ?? (only is null || runtime.Device!.Capability == only
            ? null
            : $"compute capability {only} is needed; {runtime.Device} has {runtime.Device!.Capability}");

    /// <inheritdoc/>
    protected sealed override string? Device => runtime.Device?.ToString();

    /// <inheritdoc/>
    protected sealed override bool IsEmulated => runtime.Device is { IsEmulated: true };

    /// <summary>The entry with the largest requirements, for a head dimension that has entries.</summary>
    internal abstract CudaEntry Entry(int headDim);

    /// <summary>Bytes of device memory that the kernel needs besides the tensors.</summary>
    internal virtual Int128 WorkspaceBytes(AttentionProblem problem) => 0;

    /// <summary>Why the entries cannot compute a problem; null when they can.</summary>
    internal virtual string? RefusesShape(AttentionProblem problem) => null;

    /// <summary>Enqueues the entries in the stream of the session, whose tensors are uploaded.</summary>
    internal abstract void Launch(CudaSession session, AttentionProblem problem);

    /// <inheritdoc/>
    protected sealed override DevicePeaks? MeasurePeaks() => MeasurePeaks(CudaPeaks.Iterations);

    internal DevicePeaks MeasurePeaks(int iterations) => CudaPeaks.Measure(runtime.Session, Peak, iterations);

    private CudaPeaks.Arithmetic Peak =>
        Info.Products == Element.Float32 ? CudaPeaks.MultiplyAdd : only is null ? CudaPeaks.TensorCores : CudaPeaks.Warpgroups;

    /// <inheritdoc/>
    protected sealed override string? Refuses(AttentionProblem problem)
    {
        CudaDevice device = runtime.Session.Device;
        if (!CudaEntries.HeadDims.Contains(problem.HeadDim))
            return $"has no entry for head dimension {problem.HeadDim}, only for {string.Join(" and ", CudaEntries.HeadDims)}";
        if (CudaShape.Of(problem) is null)
            return $"knows no mask '{problem.Mask.Name}'";
        if (problem.Heads > MostBlocks || problem.Batch > MostBlocks)
            return $"takes at most {MostBlocks:N0} heads and as many sequences";
        if (Entry(problem.HeadDim).SharedBytes is var shared && shared > device.SharedBytesPerBlock)
            return $"needs {shared:N0} bytes of shared memory a block; {device} allows {device.SharedBytesPerBlock:N0}";
        Int128 bytes = WorkspaceBytes(problem) + Info.Operation.Operands(problem, Info.Format).Sum(operand => operand.Bytes);
        return bytes > device.MemoryBytes
            ? $"needs {Size(bytes)} of device memory; {device} has {Size(device.MemoryBytes)}"
            : RefusesShape(problem);
    }

    /// <inheritdoc/>
    protected sealed override void Forward(in AttentionCall call, Span<double> deviceNanoseconds)
    {
        AttentionProblem problem = call.Problem;
        CudaSession session = runtime.Session;
        lock (session.Lock)
        {
            ICudaHost host = session.Enter();
            try
            {
                session.Tensors.Upload(call);
                Launch(session, problem);
                if (!deviceNanoseconds.IsEmpty)
                {
                    Time(session, host, problem, deviceNanoseconds);
                    if (session.Tensors.Targets.Joins != 0)
                    {
                        // Each launch joined the keys once more.
                        session.Tensors.UploadAccumulated(call);
                        Launch(session, problem);
                    }
                }
                session.Tensors.Download(host, call);
            }
            catch
            {
                // Pending copies read memory that the caller may release after this call.
                CudaSession.Drain(host);
                throw;
            }
        }
    }

    private void Time(CudaSession session, ICudaHost host, AttentionProblem problem, Span<double> nanoseconds)
    {
        using ICudaEvent begin = host.CreateEvent(), end = host.CreateEvent();
        for (int launch = 0; launch < nanoseconds.Length; launch++)
        {
            begin.Record();
            Launch(session, problem);
            end.Record();
            nanoseconds[launch] = end.NanosecondsSince(begin);
        }
    }

    private static string Size(Int128 bytes) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1 << 20):N0} MiB");
}

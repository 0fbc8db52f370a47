using System.Globalization;
using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// Attention on an OpenCL device. Programs and device memory are kept between calls.
/// </summary>
public abstract class OpenClKernel : DeviceKernel
{
    private readonly OpenClRuntime runtime;

    internal OpenClKernel(OpenClRuntime runtime) => this.runtime = runtime;

    /// <inheritdoc/>
    public sealed override string? Unavailable => runtime.Unavailable;

    /// <inheritdoc/>
    protected sealed override string? Device => runtime.Device?.ToString();

    /// <inheritdoc/>
    protected sealed override bool IsEmulated => runtime.Device is { IsEmulated: true };

    /// <inheritdoc/>
    protected sealed override DevicePeaks? MeasurePeaks() => OpenClPeaks.Measure(runtime.Session);

    /// <summary>Bytes of the buffer that only this kernel needs.</summary>
    internal abstract Int128 WorkspaceBytes(AttentionProblem problem);

    /// <summary>Why the device cannot run the kernel at this head dimension; null when it can.</summary>
    internal abstract string? RefusesHeadDim(OpenClDevice device, int headDim);

    /// <summary>Enqueues the kernel in the session's queue, whose tensors are uploaded.</summary>
    internal abstract void Launch(OpenClSession session, AttentionProblem problem);

    /// <inheritdoc/>
    protected sealed override string? Refuses(AttentionProblem problem)
    {
        OpenClDevice device = runtime.Session.Device;
        long query = sizeof(float) * (long)problem.QueryLength, key = sizeof(float) * (long)problem.KeyLength;
        Int128 workspace = WorkspaceBytes(problem);
        Int128 largest = Int128.Max(workspace, Math.Max(query, key)), all = workspace + 2 * (query + key);
        if (largest > device.MaxBufferBytes)
            return $"needs a buffer of {Size(largest)}; {device} allows {Size(device.MaxBufferBytes)}";
        if (all > device.MemoryBytes)
            return $"needs {Size(all)} of device memory; {device} has {Size(device.MemoryBytes)}";
        return RefusesHeadDim(device, problem.HeadDim);
    }

    /// <inheritdoc/>
    protected sealed override void Forward(in AttentionCall call, Span<double> deviceNanoseconds)
    {
        AttentionProblem problem = call.Problem;
        OpenClSession session = runtime.Session;
        lock (session.Lock)
        {
            try
            {
                session.Tensors.Upload(call);
                Launch(session, problem);
                for (int launch = 0; launch < deviceNanoseconds.Length; launch++)
                {
                    session.Clock.Start();
                    Launch(session, problem);
                    session.Finish();
                    deviceNanoseconds[launch] = session.Clock.Stop();
                }
                session.Tensors.Download(call);
            }
            catch
            {
                // Pending copies read memory that the caller may release after this call.
                session.Finish();
                session.Clock.Reset();
                throw;
            }
        }
    }

    private static string Size(Int128 bytes) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1 << 20):N0} MiB");
}

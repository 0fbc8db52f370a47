using System.Globalization;
using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// Attention on an OpenCL device. A call uploads, launches and downloads, so that its time is what a user of host memory waits for.
/// Programs and device memory are kept between calls. One work item, since the device is parallel itself; calls take turns.
/// </summary>
public abstract class OpenClKernel : AttentionKernel
{
    private readonly OpenClRuntime runtime;

    internal OpenClKernel(OpenClRuntime runtime) => this.runtime = runtime;

    /// <inheritdoc/>
    public sealed override string? Unavailable => runtime.Unavailable;

    /// <inheritdoc/>
    public sealed override string? Device => runtime.Device?.ToString();

    /// <summary>Bytes of the buffer that only this kernel needs.</summary>
    internal abstract Int128 WorkspaceBytes(AttentionProblem problem);

    /// <summary>Why the device cannot run the kernel at this head dimension; null when it can.</summary>
    internal abstract string? RefusesHeadDim(OpenClDevice device, int headDim);

    /// <summary>Puts the kernel into the queue of the session, whose tensors were uploaded.</summary>
    internal abstract void Launch(OpenClSession session, AttentionProblem problem);

    /// <inheritdoc/>
    protected sealed override int WorkItems(AttentionProblem problem) => 1;

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
    protected sealed override unsafe void Compute(
        AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        OpenClSession session = runtime.Session;
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput)
            lock (session.Lock)
            {
                try
                {
                    session.Tensors.Upload(problem, q, k, v);
                    Launch(session, problem);
                    session.Tensors.Download(problem, output);
                }
                catch
                {
                    // Copies that are under way read memory that is pinned only here.
                    session.Finish();
                    throw;
                }
            }
    }

    private static string Size(Int128 bytes) => string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1 << 20):N0} MiB");
}

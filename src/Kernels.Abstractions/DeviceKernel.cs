namespace Kernels.Abstractions;

/// <summary>
/// A kernel that runs on a device with memory of its own. A call uploads, launches and downloads, so that its time is what a user of
/// host memory waits for (end to end); the device's own clock tells the time of the launches alone. One work item, since the device is
/// parallel itself; calls take turns.
/// </summary>
public abstract class DeviceKernel : AttentionKernel
{
    /// <summary>Whether the device only imitates another, so that times say nothing and are not taken.</summary>
    public virtual bool IsEmulated => false;

    /// <summary>What the device can do at most, measured now; null for a device that nothing measures.</summary>
    public virtual DevicePeaks? MeasurePeaks() => null;

    /// <summary>
    /// Uploads once, launches <paramref name="launches"/> times and downloads: the time of each launch in nanoseconds, by the clock of
    /// the device. What prepares the inputs, such as rounding them to half, belongs to the upload.
    /// </summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="q">[batch, heads, queries, headDim].</param>
    /// <param name="k">[batch, kvHeads, keys, headDim].</param>
    /// <param name="v">[batch, kvHeads, keys, headDim].</param>
    /// <param name="output">[batch, heads, queries, headDim]; what the last launch computed.</param>
    /// <param name="launches">At least 1.</param>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; the message is <see cref="AttentionKernel.WhyNot"/>.</exception>
    public unsafe double[] DeviceNanoseconds(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, int launches)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(launches, 1);
        RequireArguments(problem, q, k, v, output);
        double[] times = new double[launches];
        fixed (float* queries = q, keys = k, values = v, result = output)
            Forward(problem, queries, keys, values, result, times);
        return times;
    }

    /// <summary>Uploads, launches and downloads.</summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="q">[batch, heads, queries, headDim].</param>
    /// <param name="k">[batch, kvHeads, keys, headDim].</param>
    /// <param name="v">[batch, kvHeads, keys, headDim].</param>
    /// <param name="output">[batch, heads, queries, headDim].</param>
    /// <param name="deviceNanoseconds">For each launch its time on the device; when it is empty there is one launch, without a time.</param>
    protected abstract unsafe void Forward(
        AttentionProblem problem, float* q, float* k, float* v, float* output, Span<double> deviceNanoseconds);

    /// <inheritdoc/>
    protected internal sealed override int WorkItems(AttentionProblem problem) => 1;

    /// <inheritdoc/>
    protected internal sealed override unsafe void Compute(
        AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        fixed (float* q = tensors.AllQ, k = tensors.AllK, v = tensors.AllV, output = tensors.AllOutput)
            Forward(problem, q, k, v, output, []);
    }
}

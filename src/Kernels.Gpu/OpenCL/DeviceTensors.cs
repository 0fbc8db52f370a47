using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>The tensors of one call on the device, with the mask as a range of keys for each query.
/// Shared by all kernels of a session.</summary>
internal sealed unsafe class DeviceTensors(OpenClSession session)
{
    private AttentionProblem? uploadedMask;
    private KeyRange[] ranges = [];

    public DeviceBuffer Q { get; } = new(session);

    public DeviceBuffer K { get; } = new(session);

    public DeviceBuffer V { get; } = new(session);

    public DeviceBuffer Output { get; } = new(session);

    /// <summary>[queries] begin and end of the keys that a query sees; 0 and 0 when it sees none.</summary>
    public DeviceBuffer VisibleKeys { get; } = new(session);

    /// <summary>Puts the inputs into the queue; they must stay where they are until <see cref="Download"/> returned.</summary>
    public void Upload(AttentionProblem problem, float* q, float* k, float* v)
    {
        Q.Write(q, sizeof(float) * (long)problem.QueryLength);
        K.Write(k, sizeof(float) * (long)problem.KeyLength);
        V.Write(v, sizeof(float) * (long)problem.KeyLength);
        Output.Reserve(sizeof(float) * (long)problem.QueryLength);
        if (problem != uploadedMask)
            UploadMask(problem);
    }

    /// <summary>Waits for the kernels in the queue and copies the output.</summary>
    public void Download(AttentionProblem problem, float* output) =>
        Output.Read(output, sizeof(float) * (long)problem.QueryLength);

    private void UploadMask(AttentionProblem problem)
    {
        uploadedMask = null;
        if (ranges.Length < problem.Queries)
            ranges = new KeyRange[problem.Queries];
        MaskRanges.OfQueries(problem, ranges);
        fixed (KeyRange* data = ranges)
        {
            VisibleKeys.Write(data, sizeof(KeyRange) * (long)problem.Queries);
            session.Finish();
        }
        uploadedMask = problem;
    }
}

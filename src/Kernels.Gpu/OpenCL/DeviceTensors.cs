using Kernels.Abstractions;
using Kernels.Gpu.Masks;

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

    /// <summary>Enqueues copies of the inputs, which must stay pinned until <see cref="Download"/> returns.</summary>
    public void Upload(in AttentionCall call)
    {
        Write(Q, call.Q);
        Write(K, call.K);
        Write(V, call.V);
        Output.Reserve(call.O.Operand.Bytes);
        if (call.Problem != uploadedMask)
            UploadMask(call.Problem);
    }

    /// <summary>Copies the output after the enqueued kernels, and waits.</summary>
    public void Download(in AttentionCall call) => Output.Read(call.O.Start, call.O.Operand.Bytes);

    private static void Write(DeviceBuffer target, in Tensor tensor) => target.Write(tensor.Start, tensor.Operand.Bytes);

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

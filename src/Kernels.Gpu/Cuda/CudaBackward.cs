using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// The gradients of softmax attention by two entries: one with a block for each tile of queries, and one with a block for each tile of keys, which adds
/// what all heads that share it give. Each number has one owner, which adds in one order, so that results are the same at every call.
/// </summary>
public sealed class CudaBackward : CudaKernel
{
    // D and the log-sum-exp of each row, which the first entry leaves to the second.
    private CudaMemory? statistics;

    private readonly Element element;

    internal CudaBackward(CudaRuntime runtime, KernelInfo info)
        : base(runtime, info) => element = info.Format.Input;

    internal override CudaEntry Entry(int headDim) => CudaEntries.BackwardKeys(element, headDim);

    internal override Int128 WorkspaceBytes(AttentionProblem problem) => CudaEntries.StatisticsBytes(problem);

    internal override unsafe void Launch(CudaSession session, AttentionProblem problem)
    {
        statistics ??= session.Memory();
        statistics.Reserve(CudaEntries.StatisticsBytes(problem));
        CudaEntry queries = CudaEntries.BackwardQueries(element, problem.HeadDim), keys = Entry(problem.HeadDim);
        CudaTensors tensors = session.Tensors;
        CudaShape shape = CudaShape.Of(problem)!.Value;
        ulong q = tensors.Q.Address, k = tensors.K.Address, v = tensors.V.Address, o = tensors[AttentionOperation.O].Address;
        ulong lse = tensors[AttentionOperation.Lse].Address, gradO = tensors[SoftmaxBackward.GradO].Address, ofRows = statistics.Address;
        ulong gradQ = tensors[SoftmaxBackward.GradQ].Address, gradK = tensors[SoftmaxBackward.GradK].Address;
        ulong gradV = tensors[SoftmaxBackward.GradV].Address;
        ReadOnlySpan<nint> ofQueries =
        [
            (nint)(&q), (nint)(&k), (nint)(&v), (nint)(&o), (nint)(&lse), (nint)(&gradO), (nint)(&gradQ), (nint)(&ofRows), (nint)(&shape),
        ];
        session.Launch(queries, (queries.Tiles(problem.Queries), problem.Heads, problem.Batch), ofQueries);
        ReadOnlySpan<nint> ofKeys =
        [
            (nint)(&q), (nint)(&k), (nint)(&v), (nint)(&gradO), (nint)(&ofRows), (nint)(&gradK), (nint)(&gradV), (nint)(&shape),
        ];
        session.Launch(keys, (keys.Tiles(problem.Keys), problem.KvHeads, problem.Batch), ofKeys);
    }
}

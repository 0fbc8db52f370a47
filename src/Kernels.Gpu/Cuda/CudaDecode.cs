using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// Few queries on many keys: the keys are split among enough blocks to fill the device, and a second entry joins the partial results. One
/// block serves all query heads of a kv head, so that each key is read once.
/// </summary>
public sealed class CudaDecode : CudaKernel
{
    // With more rows, the kernels without splits fill the device too.
    private const int MostQueries = 16;

    // The fewest keys that make a split worth joining; shared memory of a multiprocessor, of which the device keeps some for each block.
    private const int FewestKeys = 128, SharedOfMultiprocessor = 164 << 10, ReservedOfBlock = 1 << 10;

    private CudaMemory? partial;

    private readonly Element element;

    internal CudaDecode(CudaRuntime runtime, KernelInfo info)
        : base(runtime, info) => element = info.Format.Input;

    internal override CudaEntry Entry(int headDim) => CudaEntries.Decode(element, headDim);

    internal override string? RefusesShape(AttentionProblem problem) =>
        problem.Queries > MostQueries ? $"takes at most {MostQueries} queries" : null;

    internal override Int128 WorkspaceBytes(AttentionProblem problem) =>
        (Int128)sizeof(float) * problem.Batch * problem.Heads * problem.Queries * (problem.HeadDim + 2) * MostSplits(problem);

    internal override unsafe void Launch(CudaSession session, AttentionProblem problem)
    {
        partial ??= session.Memory();
        CudaEntry decode = Entry(problem.HeadDim), combine = CudaEntries.DecodeCombine(problem.HeadDim);
        int rows = decode.Tiles(problem.Heads / problem.KvHeads * problem.Queries);
        int splits = Splits(session.Device, decode, problem, problem.KvHeads * rows);
        partial.Reserve(sizeof(float) * CudaEntries.PartialLength(problem.Batch, problem.Heads, problem.Queries, splits, problem.HeadDim));
        CudaTensors tensors = session.Tensors;
        CudaShape shape = CudaShape.Of(problem)!.Value;
        ulong q = tensors.Q.Address, k = tensors.K.Address, v = tensors.V.Address;
        CudaTargets targets = tensors.Targets;
        ulong found = partial.Address;
        ReadOnlySpan<nint> arguments = [(nint)(&q), (nint)(&k), (nint)(&v), (nint)(&found), (nint)(&shape), (nint)(&splits)];
        session.Launch(decode, (splits, problem.KvHeads * rows, problem.Batch), arguments);
        ReadOnlySpan<nint> joined = [(nint)(&found), (nint)(&targets), (nint)(&shape), (nint)(&splits)];
        session.Launch(combine, (problem.Queries, problem.Heads, problem.Batch), joined);
    }

    private static int MostSplits(AttentionProblem problem) => Math.Max(1, problem.Keys / FewestKeys);

    // Enough splits to fill the device once, of at least FewestKeys keys.
    private static int Splits(CudaDevice device, CudaEntry entry, AttentionProblem problem, int blocks)
    {
        int resident = SharedOfMultiprocessor / (entry.SharedBytes + ReservedOfBlock);
        return Math.Clamp(device.Multiprocessors * resident / Math.Max(1, blocks * problem.Batch), 1, MostSplits(problem));
    }
}

using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// FlashAttention's forward pass on tensor cores: inputs and weights rounded to half, products summed in float32. The inputs are rounded
/// on the device, after the upload.
/// </summary>
public sealed class CudaFlashF16 : CudaKernel
{
    private const int HalfBytes = 2;

    private Halves? halves;

    internal CudaFlashF16(CudaRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "flash-cuda-f16", "tensor cores: half inputs and float32 sums, tiles copied to shared memory ahead of their use", Definition.Softmax)
    {
        BuildsOn = "flash-cuda-f32",
        Source = "Dao 2023, FlashAttention-2, section 3.1",
        Precision = Precision.Half,
    };

    internal override CudaEntry Entry(int headDim) => CudaEntries.FlashF16(headDim);

    internal override Int128 WorkspaceBytes(AttentionProblem problem) => HalfBytes * ((Int128)problem.QueryLength + 2 * (Int128)problem.KeyLength);

    internal override void Prepare(CudaSession session, AttentionProblem problem)
    {
        halves ??= new Halves(session);
        Round(session, session.Tensors.Q, halves.Q, problem.QueryLength);
        Round(session, session.Tensors.K, halves.K, problem.KeyLength);
        Round(session, session.Tensors.V, halves.V, problem.KeyLength);
    }

    internal override unsafe void Launch(CudaSession session, AttentionProblem problem)
    {
        CudaEntry entry = Entry(problem.HeadDim);
        CudaShape shape = CudaShape.Of(problem)!.Value;
        ulong q = halves!.Q.Address, k = halves.K.Address, v = halves.V.Address, output = session.Tensors.Output.Address;
        ReadOnlySpan<nint> arguments = [(nint)(&q), (nint)(&k), (nint)(&v), (nint)(&output), (nint)(&shape)];
        session.Launch(entry, (entry.Tiles(problem.Queries), problem.Heads, problem.Batch), arguments);
    }

    private static unsafe void Round(CudaSession session, CudaMemory single, CudaMemory half, int numbers)
    {
        half.Reserve(HalfBytes * (long)numbers);
        ulong source = single.Address, target = half.Address;
        long count = numbers;
        ReadOnlySpan<nint> arguments = [(nint)(&source), (nint)(&target), (nint)(&count)];
        session.Launch(CudaEntries.ToHalf, (CudaEntries.ToHalf.Tiles(numbers), 1, 1), arguments);
    }

    private sealed class Halves(CudaSession session)
    {
        public CudaMemory Q { get; } = session.Memory();

        public CudaMemory K { get; } = session.Memory();

        public CudaMemory V { get; } = session.Memory();
    }
}

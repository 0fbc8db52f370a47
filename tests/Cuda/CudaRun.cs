using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>Launches the attention entries in the interpreter, as the host launches them on a device.</summary>
internal sealed class CudaRun(AttentionProblem problem, PtxModule module)
{
    private readonly CudaShape shape = CudaShape.Of(problem) ?? throw new ArgumentException($"The kernels do not know the mask of {problem}.");
    private readonly GlobalMemory memory = new();

    /// <summary>Where to count what the launches execute; null to count nothing.</summary>
    public LaunchCounts? Counts { get; init; }

    public CudaRun(AttentionProblem problem) : this(problem, CudaModule.Module)
    {
    }

    public float[] FlashF32(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v) =>
        Flash(CudaEntries.FlashF32(problem.HeadDim), MemoryMarshal.AsBytes(q), MemoryMarshal.AsBytes(k), MemoryMarshal.AsBytes(v));

    public float[] FlashF16(ReadOnlySpan<Half> q, ReadOnlySpan<Half> k, ReadOnlySpan<Half> v) =>
        Flash(CudaEntries.FlashF16(problem.HeadDim), MemoryMarshal.AsBytes(q), MemoryMarshal.AsBytes(k), MemoryMarshal.AsBytes(v));

    public float[] Decode(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int splits)
    {
        Allocation partial = DecodeSplits(q, k, v, splits), output = memory.Output(problem.QueryLength * sizeof(float));
        Arguments arguments = new Arguments().Add(partial).Add(output).Add(shape).Add(splits);
        Launch(CudaEntries.DecodeCombine(problem.HeadDim), problem.Queries, problem.Heads, arguments);
        return output.Floats.ToArray();
    }

    /// <summary>The first of the two kernels of <see cref="Decode"/>.</summary>
    public Allocation DecodeSplits(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int splits)
    {
        CudaEntry entry = CudaEntries.Decode(problem.HeadDim);
        long length = CudaEntries.PartialLength(problem.Batch, problem.Heads, problem.Queries, splits, problem.HeadDim);
        Allocation partial = memory.Output((int)length * sizeof(float));
        int rows = problem.Heads / problem.KvHeads * problem.Queries;
        int tiles = (rows + entry.TileRows - 1) / entry.TileRows;
        Arguments arguments = new Arguments().Add(Input(q)).Add(Input(k)).Add(Input(v)).Add(partial).Add(shape).Add(splits);
        Launch(entry, splits, problem.KvHeads * tiles, arguments);
        return partial;
    }

    private float[] Flash(CudaEntry entry, ReadOnlySpan<byte> q, ReadOnlySpan<byte> k, ReadOnlySpan<byte> v)
    {
        Allocation output = memory.Output(problem.QueryLength * sizeof(float));
        Arguments arguments = new Arguments().Add(memory.Input(q)).Add(memory.Input(k)).Add(memory.Input(v)).Add(output).Add(shape);
        Launch(entry, (problem.Queries + entry.TileRows - 1) / entry.TileRows, problem.Heads, arguments);
        return output.Floats.ToArray();
    }

    private void Launch(CudaEntry entry, int x, int y, Arguments arguments) =>
        new Grid(x, y, problem.Batch, entry.Threads, entry.SharedBytes) { Counts = Counts }.Run(module.Entries[entry.Name], memory, arguments);

    private Allocation Input(ReadOnlySpan<float> values) => memory.Input(MemoryMarshal.AsBytes(values));
}

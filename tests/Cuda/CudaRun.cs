using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>Launches the entries of a kernel in the interpreter, as the host launches them on a device.</summary>
internal sealed class CudaRun(InterpretedKernel kernel, AttentionProblem problem, PtxModule? module = null)
{
    private readonly CudaShape shape = CudaShape.Of(problem) ?? throw new ArgumentException($"The kernels do not know the mask of {problem}.");
    private readonly GlobalMemory memory = new();

    /// <summary>Where to count what the launches execute; null to count nothing.</summary>
    public LaunchCounts? Counts { get; init; }

    /// <summary>Into how many parts decoding splits the keys.</summary>
    public int Splits { get; init; } = 2;

    /// <summary>Whether outputs are written in the type of the inputs, of 16 bits.</summary>
    public bool Rounds { get; init; }

    private Element Written => Rounds ? kernel.Element : Element.Float32;

    /// <summary>Outputs alone.</summary>
    public float[] Outputs(Inputs inputs) => Run(inputs, withLse: false, null).Output;

    /// <summary>Outputs and log-sum-exps.</summary>
    public CudaRows Rows(Inputs inputs) => Run(inputs, withLse: true, null);

    /// <summary>Rows over earlier keys, joined to those over the keys of the problem.</summary>
    public CudaRows Join(Inputs inputs, CudaRows earlier) => Run(inputs, withLse: true, earlier);

    /// <summary>The first of the two kernels of decoding.</summary>
    public Allocation Parts(Inputs inputs)
    {
        CudaEntry entry = kernel.Entry(problem.HeadDim);
        long length = CudaEntries.PartialLength(problem.Batch, problem.Heads, problem.Queries, Splits, problem.HeadDim);
        Allocation partial = memory.Output((int)length * sizeof(float));
        int rows = entry.Tiles(problem.Heads / problem.KvHeads * problem.Queries);
        Launch(entry, Splits, problem.KvHeads * rows, Tensors(inputs).Add(partial).Add(shape).Add(Splits));
        return partial;
    }

    private CudaRows Run(Inputs inputs, bool withLse, CudaRows? earlier)
    {
        int rows = problem.Batch * problem.Heads * problem.Queries;
        Allocation output = earlier is null ? memory.Output(rows * problem.HeadDim * Written.Size()) : memory.Accumulated(Bytes(earlier.Output));
        Allocation? lse = earlier is not null ? memory.Accumulated(Bytes(earlier.Lse)) : withLse ? memory.Output(rows * sizeof(float)) : null;
        var targets = new CudaTargets(output.Address, lse?.Address ?? 0, earlier is null ? 0 : 1, Rounds ? 1 : 0);
        if (kernel.Decodes)
        {
            Arguments arguments = new Arguments().Add(Parts(inputs)).Add(targets).Add(shape).Add(Splits);
            Launch(CudaEntries.DecodeCombine(problem.HeadDim), problem.Queries, problem.Heads, arguments);
        }
        else
        {
            CudaEntry entry = kernel.Entry(problem.HeadDim);
            Launch(entry, entry.Tiles(problem.Queries), problem.Heads, Tensors(inputs).Add(targets).Add(shape));
        }
        return new(Numbers(output), lse is null ? [] : lse.Floats.ToArray());
    }

    private unsafe float[] Numbers(Allocation output)
    {
        float[] numbers = new float[output.Length / Written.Size()];
        fixed (Half* bits = output.Halves)
            Written.Widen(bits, numbers);
        return numbers;
    }

    private void Launch(CudaEntry entry, int x, int y, Arguments arguments) =>
        new Grid(x, y, problem.Batch, entry.Threads, entry.SharedBytes) { Counts = Counts }
            .Run(module?.Entries.GetValueOrDefault(entry.Name) ?? CudaModule.Entry(entry), memory, arguments);

    private Arguments Tensors(Inputs inputs)
    {
        var arguments = new Arguments();
        foreach (string name in (string[])["q", "k", "v"])
            arguments.Add(memory.Input(kernel.Element.NarrowBytes(inputs[name])));
        return arguments;
    }

    private static ReadOnlySpan<byte> Bytes(float[] numbers) => MemoryMarshal.AsBytes<float>(numbers);
}

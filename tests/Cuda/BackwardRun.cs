using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>Launches the two entries of the backward pass in the interpreter, as the host launches them on a device.</summary>
internal sealed class BackwardRun(Element element, AttentionProblem problem, PtxModule? module = null)
{
    private readonly CudaShape shape = CudaShape.Of(problem) ?? throw new ArgumentException($"The kernels do not know the mask of {problem}.");
    private readonly GlobalMemory memory = new();

    /// <summary>Both entries of some formats, for every head dimension.</summary>
    public static IEnumerable<CudaEntry> Entries(params Element[] elements) => elements.SelectMany(element => CudaEntries.HeadDims.SelectMany(
        headDim => new[] { CudaEntries.BackwardQueries(element, headDim), CudaEntries.BackwardKeys(element, headDim) }));

    /// <summary>What the launches of the first entry, then those of the second, execute; null to count nothing.</summary>
    public (LaunchCounts Queries, LaunchCounts Keys)? Counts { get; init; }

    /// <summary>dq, dk and dv.</summary>
    public float[][] Gradients(Inputs inputs)
    {
        Allocation q = Input("q"), k = Input("k"), v = Input("v"), gradO = Input("do");
        Allocation statistics = memory.Output((int)CudaEntries.StatisticsBytes(problem));
        Allocation gradQ = Output(problem.Heads * problem.Queries);
        Allocation gradK = Output(problem.KvHeads * problem.Keys), gradV = Output(problem.KvHeads * problem.Keys);
        CudaEntry queries = CudaEntries.BackwardQueries(element, problem.HeadDim), keys = CudaEntries.BackwardKeys(element, problem.HeadDim);
        Allocation lse = memory.Input(MemoryMarshal.AsBytes<float>(inputs["lse"]));
        Arguments ofQueries = new Arguments().Add(q).Add(k).Add(v).Add(Input("o")).Add(lse).Add(gradO).Add(gradQ).Add(statistics).Add(shape);
        Launch(queries, queries.Tiles(problem.Queries), problem.Heads, ofQueries, Counts?.Queries);
        Arguments ofKeys = new Arguments().Add(q).Add(k).Add(v).Add(gradO).Add(statistics).Add(gradK).Add(gradV).Add(shape);
        Launch(keys, keys.Tiles(problem.Keys), problem.KvHeads, ofKeys, Counts?.Keys);
        return [gradQ.Floats.ToArray(), gradK.Floats.ToArray(), gradV.Floats.ToArray()];

        Allocation Input(string name) => memory.Input(element.NarrowBytes(inputs[name]));
    }

    private Allocation Output(int rows) => memory.Output(problem.Batch * rows * problem.HeadDim * sizeof(float));

    private void Launch(CudaEntry entry, int x, int y, Arguments arguments, LaunchCounts? counts) =>
        new Grid(x, y, problem.Batch, entry.Threads, entry.SharedBytes) { Counts = counts }
            .Run(module?.Entries.GetValueOrDefault(entry.Name) ?? CudaModule.Entry(entry), memory, arguments);
}

using Kernels.NativePeers.Ggml;
using Kernels.NativePeers.Memory;

namespace Kernels.NativePeers.Loops;

/// <summary>A graph of one ggml_flash_attn_ext, planned for every call and with threads of the call, as ggml's backend for processors does it.</summary>
internal sealed unsafe class GgmlLoop : ILoop
{
    private readonly int threads;
    private readonly GgmlContext context;
    private readonly nint graph;
    private readonly NativeBuffer work;

    public GgmlLoop(GgmlType stored, LoopShape shape, int threads)
    {
        this.threads = threads;
        context = new GgmlContext(4 * shape.Count * sizeof(float));
        nint k = Keys(stored, shape), v = Keys(stored, shape);
        (graph, _) = context.Attention(Floats(shape).Tensor, k, v, mask: 0, shape.Scale);
        work = new NativeBuffer((long)GgmlFunctions.PlanGraph(graph, threads, threadPool: 0).WorkSize + 1);
    }

    public void Call()
    {
        GgmlFunctions.Plan plan = GgmlFunctions.PlanGraph(graph, threads, threadPool: 0);
        plan.WorkData = work.Start;
        if (GgmlFunctions.Compute(graph, &plan) != 0)
            throw new InvalidOperationException("ggml_graph_compute failed");
    }

    public void Dispose()
    {
        work.Dispose();
        context.Dispose();
    }

    private (nint Tensor, nint Data) Floats(LoopShape shape)
    {
        (nint tensor, nint data) = context.New(GgmlType.Float32, 1, shape.Heads, shape.Tokens, shape.Channels);
        LoopShape.Fill((void*)data, shape.Count);
        return (tensor, data);
    }

    private nint Keys(GgmlType stored, LoopShape shape)
    {
        if (stored == GgmlType.Float32)
            return Floats(shape).Tensor;
        using var numbers = new NativeBuffer(shape.Count * sizeof(float));
        LoopShape.Fill(numbers.Start, shape.Count);
        (nint tensor, nint data) = context.New(stored, 1, shape.Heads, shape.Tokens, shape.Channels);
        // The upper half of a float32 is a bfloat16.
        for (long i = 0; i < shape.Count; i++)
            ((ushort*)data)[i] = ((ushort*)numbers.Start)[2 * i + 1];
        return tensor;
    }
}

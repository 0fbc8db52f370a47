using System.Runtime.InteropServices;
using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Ggml;

/// <summary>A graph of one node, planned once, with its tensors, its threads and its working memory.</summary>
internal sealed unsafe class GgmlCall : LoadedCall
{
    private readonly Problem problem;
    private readonly GgmlContext context;
    private readonly GgmlThreads? threads;
    private readonly NativeBuffer? work;
    private readonly nint graph, result;
    private GgmlFunctions.Plan plan;

    /// <exception cref="IOException">An operand cannot be read.</exception>
    public GgmlCall(Attention attention, int threadCount)
    {
        problem = attention.Problem;
        context = new GgmlContext(
            attention.Q.Count * sizeof(float) + attention.K.Bytes + attention.V.Bytes
            + ResultBytes + GgmlMask.Bytes(problem));
        try
        {
            GgmlType stored = attention.Element == Operand.BFloat16 ? GgmlType.BFloat16 : GgmlType.Float32;
            nint q = Tensor(attention.Q, GgmlType.Float32), k = Tensor(attention.K, stored), v = Tensor(attention.V, stored);
            (graph, result) = context.Attention(q, k, v, GgmlMask.Create(context, problem), problem.Scale);
            threads = new GgmlThreads(threadCount);
            plan = GgmlFunctions.PlanGraph(graph, threads.Count, threads.Pool);
            work = new NativeBuffer((long)plan.WorkSize + 1);
            plan.WorkData = work.Start;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private long ResultBytes => (long)problem.Batch * problem.Heads * problem.Queries * problem.ValueDim * sizeof(float);

    public override void Forget() => NativeMemory.Fill((void*)result, (nuint)ResultBytes, 0xFF);

    public override void Run()
    {
        fixed (GgmlFunctions.Plan* pinned = &plan)
        {
            int status = GgmlFunctions.Compute(graph, pinned);
            if (status != 0)
                throw new InvalidOperationException($"ggml_graph_compute gave status {status}");
        }
    }

    public override View Result(string output) =>
        View.TokenMajor((void*)result, sizeof(float), problem.Batch, problem.Heads, problem.Queries, problem.ValueDim);

    public override void Dispose()
    {
        work?.Dispose();
        threads?.Dispose();
        context.Dispose();
    }

    private nint Tensor(Operand operand, GgmlType type)
    {
        (nint tensor, nint data) = context.New(type, operand.Shape[0], operand.Shape[1], operand.Shape[2], operand.Shape[3]);
        if (type == GgmlType.Float32 && operand.Element == Operand.BFloat16)
            ReadWidened(operand, (float*)data);
        else
            operand.ReadTo((void*)data);
        return tensor;
    }

    // Queries are float32 in ggml, whatever keys and values are. Every bfloat16 is a float32, so nothing is lost.
    private static void ReadWidened(Operand operand, float* target)
    {
        using NativeBuffer buffer = operand.Read();
        ushort* source = (ushort*)buffer.Start;
        long count = operand.Count;
        for (long i = 0; i < count; i++)
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }
}

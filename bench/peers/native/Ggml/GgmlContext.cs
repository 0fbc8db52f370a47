namespace Kernels.NativePeers.Ggml;

/// <summary>Memory in which ggml has its tensors and a graph of one node.</summary>
internal sealed unsafe class GgmlContext : IDisposable
{
    private const int Tensors = 8, Alignment = 64;

    private readonly nint handle;

    /// <param name="bytes">Of the numbers of all tensors.</param>
    /// <exception cref="InsufficientMemoryException">There is not as much memory.</exception>
    public GgmlContext(long bytes)
    {
        nuint overhead = GgmlFunctions.GraphOverhead() + Tensors * (GgmlFunctions.TensorOverhead() + Alignment);
        handle = GgmlFunctions.Init(new GgmlFunctions.InitParams { MemorySize = (nuint)bytes + overhead });
        if (handle == 0)
            throw new InsufficientMemoryException($"ggml has no {bytes:N0} bytes");
    }

    /// <summary>A tensor [batch, head, token, channel] and the address of its numbers.</summary>
    public (nint Tensor, nint Data) New(GgmlType type, int batch, int heads, int tokens, int channels)
    {
        nint tensor = GgmlFunctions.NewTensor(handle, (int)type, channels, tokens, heads, batch);
        return (tensor, (nint)GgmlFunctions.Data(tensor));
    }

    /// <summary>A graph of one flash attention, and the address of its result.</summary>
    public (nint Graph, nint Result) Attention(nint q, nint k, nint v, nint mask, float scale)
    {
        nint result = GgmlFunctions.FlashAttention(handle, q, k, v, mask, scale, maxBias: 0, logitSoftcap: 0);
        nint graph = GgmlFunctions.NewGraph(handle);
        GgmlFunctions.BuildForwardExpand(graph, result);
        return (graph, (nint)GgmlFunctions.Data(result));
    }

    public void Dispose() => GgmlFunctions.Free(handle);
}

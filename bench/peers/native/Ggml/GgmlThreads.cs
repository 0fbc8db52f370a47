using Kernels.NativePeers.Memory;

namespace Kernels.NativePeers.Ggml;

/// <summary>Threads that live from call to call, as in llama.cpp: without a pool ggml makes one for every graph.</summary>
internal sealed unsafe class GgmlThreads : IDisposable
{
    // More than ggml_threadpool_params takes: a byte for each of 512 processors and a few numbers.
    private const int ParameterBytes = 1024;

    /// <param name="count">The calling thread included.</param>
    /// <exception cref="InvalidOperationException">There are not as many.</exception>
    public GgmlThreads(int count)
    {
        Count = count;
        using var parameters = new NativeBuffer(ParameterBytes);
        GgmlFunctions.InitThreadPoolParams(parameters.Start, count);
        Pool = GgmlFunctions.NewThreadPool(parameters.Start);
        if (Pool == 0)
            throw new InvalidOperationException($"ggml has no {count} threads");
    }

    public int Count { get; }

    public nint Pool { get; }

    public void Dispose() => GgmlFunctions.FreeThreadPool(Pool);
}

using System.Runtime.InteropServices;

namespace Kernels.NativePeers.Ggml;

/// <summary>Functions and structures of ggml.h and ggml-cpu.h, as many as one node of a graph needs.</summary>
internal static unsafe partial class GgmlFunctions
{
    public const string Base = "ggml-base", Cpu = "ggml-cpu";

    [StructLayout(LayoutKind.Sequential)]
    public struct InitParams
    {
        public nuint MemorySize;
        public void* MemoryBuffer;
        public byte NoAlloc;
    }

    /// <summary>How a graph is computed; newer versions have more fields at the end, for which there is room.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Plan
    {
        public nuint WorkSize;
        public byte* WorkData;
        public int Threads;
        public nint ThreadPool;
        public nint AbortCallback;
        public nint AbortCallbackData;
        private readonly ulong later, more;
    }

    [LibraryImport(Base, EntryPoint = "ggml_version")]
    public static partial nint Version();

    [LibraryImport(Base, EntryPoint = "ggml_init")]
    public static partial nint Init(InitParams parameters);

    [LibraryImport(Base, EntryPoint = "ggml_free")]
    public static partial void Free(nint context);

    [LibraryImport(Base, EntryPoint = "ggml_tensor_overhead")]
    public static partial nuint TensorOverhead();

    [LibraryImport(Base, EntryPoint = "ggml_graph_overhead")]
    public static partial nuint GraphOverhead();

    /// <summary>A tensor whose first size is that of the channels, without gaps.</summary>
    [LibraryImport(Base, EntryPoint = "ggml_new_tensor_4d")]
    public static partial nint NewTensor(nint context, int type, long channels, long tokens, long heads, long batch);

    [LibraryImport(Base, EntryPoint = "ggml_get_data")]
    public static partial void* Data(nint tensor);

    /// <summary>The node; its result is [batch, token, head, channel] in float32.</summary>
    [LibraryImport(Base, EntryPoint = "ggml_flash_attn_ext")]
    public static partial nint FlashAttention(
        nint context, nint q, nint k, nint v, nint mask, float scale, float maxBias, float logitSoftcap);

    [LibraryImport(Base, EntryPoint = "ggml_new_graph")]
    public static partial nint NewGraph(nint context);

    [LibraryImport(Base, EntryPoint = "ggml_build_forward_expand")]
    public static partial void BuildForwardExpand(nint graph, nint tensor);

    [LibraryImport(Base, EntryPoint = "ggml_threadpool_params_init")]
    public static partial void InitThreadPoolParams(void* parameters, int threads);

    [LibraryImport(Cpu, EntryPoint = "ggml_cpu_init")]
    public static partial void InitCpu();

    [LibraryImport(Cpu, EntryPoint = "ggml_threadpool_new")]
    public static partial nint NewThreadPool(void* parameters);

    [LibraryImport(Cpu, EntryPoint = "ggml_threadpool_free")]
    public static partial void FreeThreadPool(nint pool);

    [LibraryImport(Cpu, EntryPoint = "ggml_graph_plan")]
    public static partial Plan PlanGraph(nint graph, int threads, nint threadPool);

    /// <summary>0 when it succeeds.</summary>
    [LibraryImport(Cpu, EntryPoint = "ggml_graph_compute")]
    public static partial int Compute(nint graph, Plan* plan);
}

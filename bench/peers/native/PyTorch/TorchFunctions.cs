using System.Runtime.InteropServices;

namespace Kernels.NativePeers.PyTorch;

/// <summary>
/// Functions of libtorch_cpu.so: the C interface for compiled models (aoti_torch/c/shim.h of PyTorch), which stays the same from version to
/// version, and one of C++ by its mangled name. Those that return a status return 0 when they succeed, and otherwise say why on standard
/// error.
/// </summary>
internal static unsafe partial class TorchFunctions
{
    public const string Library = "torch_cpu";

    /// <summary>Numbers of a data type and a device in this interface.</summary>
    public const int Float32 = 6, Cpu = 0;

    /// <summary>The version of PyTorch, each part in a byte, the first one highest.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_abi_version")]
    public static partial ulong AbiVersion();

    /// <summary>at::set_num_threads(int): how many threads operators that the calling thread calls use.</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at15set_num_threadsEi")]
    public static partial void SetNumThreads(int threads);

    /// <summary>A tensor on memory of the caller; sizes and strides in numbers.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_create_tensor_from_blob")]
    public static partial int CreateTensorFromBlob(
        void* data, long dimensions, long* sizes, long* strides, long offset, int type, int device, int deviceIndex, nint* tensor);

    /// <summary>A tensor on memory of PyTorch, with whatever it holds.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_empty_strided")]
    public static partial int EmptyStrided(long dimensions, long* sizes, long* strides, int type, int device, int deviceIndex, nint* tensor);

    [LibraryImport(Library, EntryPoint = "aoti_torch_delete_tensor_object")]
    public static partial int DeleteTensorObject(nint tensor);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_data_ptr")]
    public static partial int GetDataPointer(nint tensor, void** data);

    [LibraryImport(Library, EntryPoint = "aoti_torch_get_strides")]
    public static partial int GetStrides(nint tensor, long** strides);

    /// <summary>Flash attention; <paramref name="mask"/> may be null, output and log-sum-exp are new tensors.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu")]
    public static partial int FlashAttention(
        nint q, nint k, nint v, double dropout, int isCausal, nint* mask, double* scale, nint* output, nint* logSumExp);

    /// <summary>Its gradients, three new tensors; <paramref name="mask"/> may be null.</summary>
    [LibraryImport(Library, EntryPoint = "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu_backward")]
    public static partial int FlashAttentionBackward(
        nint gradO, nint q, nint k, nint v, nint o, nint logSumExp, double dropout, int isCausal, nint* mask, double* scale,
        nint* gradQ, nint* gradK, nint* gradV);

    /// <summary>Turns a status into an exception.</summary>
    /// <exception cref="InvalidOperationException">The function failed.</exception>
    public static void Require(int status, string function)
    {
        if (status != 0)
            throw new InvalidOperationException($"PyTorch's {function} failed; its standard error says why");
    }
}

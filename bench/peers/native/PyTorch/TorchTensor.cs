using Kernels.NativePeers.Memory;

namespace Kernels.NativePeers.PyTorch;

/// <summary>A tensor of PyTorch in float32.</summary>
/// <param name="handle">Owned by this object.</param>
internal sealed unsafe class TorchTensor(nint handle) : IDisposable
{
    public nint Handle { get; } = handle;

    /// <summary>A tensor on memory of this program, which stays where it is.</summary>
    /// <param name="view">The numbers.</param>
    /// <param name="dimensions">4, or 3 without the channels, of which there is one.</param>
    /// <exception cref="InvalidOperationException">PyTorch refuses.</exception>
    public static TorchTensor On(View view, int dimensions)
    {
        long* sizes = stackalloc long[] { view.Batch, view.Heads, view.Tokens, view.Channels };
        long* strides = stackalloc long[] { view.Strides.Batch, view.Strides.Head, view.Strides.Token, 1 };
        nint tensor;
        TorchFunctions.Require(
            TorchFunctions.CreateTensorFromBlob(
                (void*)view.Start, dimensions, sizes, strides, 0, TorchFunctions.Float32, TorchFunctions.Cpu, 0, &tensor),
            "create_tensor_from_blob");
        return new TorchTensor(tensor);
    }

    /// <summary>Its numbers where PyTorch has them. A tensor of three dimensions is one of four with one channel.</summary>
    public View View(int batch, int heads, int tokens, int channels)
    {
        void* data;
        long* strides;
        TorchFunctions.Require(TorchFunctions.GetDataPointer(Handle, &data), "get_data_ptr");
        TorchFunctions.Require(TorchFunctions.GetStrides(Handle, &strides), "get_strides");
        return new View((nint)data, sizeof(float), batch, heads, tokens, channels, (strides[0], strides[1], strides[2]));
    }

    public void Dispose() => TorchFunctions.Require(TorchFunctions.DeleteTensorObject(Handle), "delete_tensor_object");
}

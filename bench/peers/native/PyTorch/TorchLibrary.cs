using Kernels.NativePeers.Operators;

namespace Kernels.NativePeers.PyTorch;

/// <summary>LibTorch, the C++ part of PyTorch, for the processor.</summary>
internal sealed class TorchLibrary : IOperatorLibrary
{
    public string Load()
    {
        NativeFile.Load(TorchFunctions.Library, "libtorch_cpu.so");
        ulong version = TorchFunctions.AbiVersion();
        return $"LibTorch {version >> 56}.{version >> 48 & 0xFF}.{version >> 40 & 0xFF}";
    }

    public IOperator? Find(string name) => name == "flash" ? new TorchFlash() : null;
}

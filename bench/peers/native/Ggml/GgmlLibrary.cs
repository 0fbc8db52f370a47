using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Kernels.NativePeers.Operators;

namespace Kernels.NativePeers.Ggml;

/// <summary>ggml, the library of tensors of llama.cpp, compiled for the instruction sets of this machine.</summary>
internal sealed class GgmlLibrary : IOperatorLibrary
{
    public string Load()
    {
        string build = Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Avx512CD.VL.IsSupported ? "avx512"
            : Avx2.IsSupported && Fma.IsSupported ? "avx2"
            : Avx.IsSupported ? "avx"
            : "noavx";
        NativeFile.Load(GgmlFunctions.Base, $"ggml/{build}/libggml-base.so");
        NativeFile.Load(GgmlFunctions.Cpu, $"ggml/{build}/libggml-cpu.so");
        GgmlFunctions.InitCpu();
        return $"llama.cpp's ggml {Marshal.PtrToStringUTF8(GgmlFunctions.Version())} for {build}";
    }

    public IOperator? Find(string name) => name == "flash" ? new GgmlFlash() : null;
}

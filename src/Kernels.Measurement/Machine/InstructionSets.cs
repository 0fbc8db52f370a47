using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kernels.Measurement.Machine;

/// <summary>
/// Instruction sets that the JIT uses in this process. The processor may support more: the runtime can be configured to disable sets, and
/// only these properties reflect that.
/// </summary>
internal static class InstructionSets
{
    public static IReadOnlyList<string> Read()
    {
        (string Name, bool Used)[] sets =
        [
            ("AVX-512F", Avx512F.IsSupported && Vector512.IsHardwareAccelerated),
            ("AVX-512F (not preferred)", Avx512F.IsSupported && !Vector512.IsHardwareAccelerated),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX", Avx.IsSupported),
            ("SSE4.2", Sse42.IsSupported),
            ("SSE2", Sse2.IsSupported),
            ("NEON", AdvSimd.Arm64.IsSupported),
        ];
        return [.. sets.Where(set => set.Used).Select(set => set.Name).DefaultIfEmpty("none")];
    }
}

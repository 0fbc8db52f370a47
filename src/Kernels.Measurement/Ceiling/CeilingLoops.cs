using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Kernels.Primitives;

namespace Kernels.Measurement.Ceiling;

/// <summary>The ceiling loops of one vector width.</summary>
/// <param name="InstructionSet">Instruction set that the JIT uses for this width in this process.</param>
/// <param name="Width">Floats in a vector.</param>
/// <param name="MultiplyAdd"><see cref="FmaLoop.Run"/>.</param>
/// <param name="Read"><see cref="ReadLoop.Run"/>.</param>
internal sealed unsafe record CeilingLoops(string InstructionSet, int Width, MultiplyAddLoop MultiplyAdd, VectorReadLoop Read)
{
    /// <summary>Bits in a vector.</summary>
    public int Bits => 8 * sizeof(float) * Width;

    /// <summary>The loops of the widths that this process supports, widest first; empty when the JIT uses no vectors.</summary>
    public static IReadOnlyList<CeilingLoops> Supported()
    {
        List<CeilingLoops> loops = [];
        if (Simd512.IsSupported)
            loops.Add(Of<Simd512, Vector512<float>>("AVX-512"));
        if (Simd256.IsSupported)
            loops.Add(Of<Simd256, Vector256<float>>(Fma.IsSupported ? "AVX2 + FMA" : "AVX2"));
        if (Vector128.IsHardwareAccelerated)
            loops.Add(Of<Simd128, Vector128<float>>(AdvSimd.IsSupported ? "NEON" : Fma.IsSupported ? "128 bit + FMA" : "SSE"));
        return loops;
    }

    private static CeilingLoops Of<TSimd, TVector>(string instructionSet)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        new(instructionSet, TSimd.Width, FmaLoop.Run<TSimd, TVector>, ReadLoop.Run<TSimd, TVector>);
}

/// <summary>Runs rounds of multiply-adds starting from <paramref name="start"/>.</summary>
internal delegate float MultiplyAddLoop(long rounds, float start);

/// <summary>Reads <paramref name="length"/> floats <paramref name="passes"/> times.</summary>
internal unsafe delegate float VectorReadLoop(float* source, long length, int passes);

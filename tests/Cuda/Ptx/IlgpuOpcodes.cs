using static Kernels.Tests.Cuda.Ptx.Bits;
using static Kernels.Tests.Cuda.Ptx.ComputeDecoder;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>What only ILGPU writes, of all parts of the PTX ISA manual.</summary>
internal static class IlgpuOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["add.u64"] = Binary(B64, B64, B64, (a, b) => a + b),
        ["mad.lo.u64"] = Ternary(B64, B64, B64, B64, (a, b, c) => a * b + c),
        ["ex2.approx.f32"] = Unary(B32, B32, a => Of(ApproximateExp2.Of(Float(a), (uint)a))),
        ["ld.param.b32"] = MemoryOpcodes.Load(Space.Parameter, 1, B32),
        ["ld.param.b64"] = MemoryOpcodes.Load(Space.Parameter, 1, B64),
        ["ld.f32"] = MemoryOpcodes.Load(Space.Generic, 1, B32),
        ["ld.b32"] = MemoryOpcodes.Load(Space.Generic, 1, B32),
        ["ld.v4.b32"] = MemoryOpcodes.Load(Space.Generic, 4, B32),
        ["st.f32"] = MemoryOpcodes.Store(Space.Generic, 1, B32),
    };
}

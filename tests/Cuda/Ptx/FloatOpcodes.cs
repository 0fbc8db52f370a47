using static Kernels.Tests.Cuda.Ptx.Bits;
using static Kernels.Tests.Cuda.Ptx.ComputeDecoder;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>float32 and half. PTX ISA manual, "Floating Point Instructions", "Half Precision Floating Point Instructions", "cvt".</summary>
internal static class FloatOpcodes
{
    private const ulong QuietNaN = 0x7fffffff;

    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["add.f32"] = Arithmetic((a, b) => a + b),
        ["sub.f32"] = Arithmetic((a, b) => a - b),
        ["mul.f32"] = Arithmetic((a, b) => a * b),
        ["fma.rn.f32"] = Ternary(B32, B32, B32, B32, (a, b, c) => Of(MathF.FusedMultiplyAdd(Float(a), Float(b), Float(c)))),
        ["rcp.rn.f32"] = Unary(B32, B32, a => Of(1 / Float(a))),
        ["neg.f32"] = Unary(B32, B32, a => (uint)a ^ 0x80000000),
        ["max.f32"] = Binary(B32, B32, B32, Max),
        ["div.rn.f32"] = Arithmetic((a, b) => a / b),
        ["lg2.approx.ftz.f32"] = Unary(B32, B32, a => Of(ApproximateLog2.Of(Float(a), (uint)a))),
        ["ex2.approx.ftz.f32"] = Unary(B32, B32, a => Of(ApproximateExp2.Flushed(Float(a), (uint)a))),

        // Ordered: with NaN none of them holds.
        ["setp.eq.f32"] = Compare((a, b) => a == b),
        ["setp.lt.f32"] = Compare((a, b) => a < b),
        ["setp.gt.f32"] = Compare((a, b) => a > b),
        // With NaN they hold.
        ["setp.neu.f32"] = Compare((a, b) => !(a == b)),
        ["setp.geu.f32"] = Compare((a, b) => !(a < b)),
        ["setp.leu.f32"] = Compare((a, b) => !(a > b)),

        ["cvt.f32.f16"] = Unary(B32, B16, a => Of(Half((ushort)a))),
        ["cvt.rn.f32.u32"] = Unary(B32, B32, a => Of((float)(uint)a)),
        // The first operand becomes the upper half.
        // A product of two halves is exact as a float, so that it is rounded once; one of two bfloat16 is too, and −0 is what is added to it.
        ["mul.rn.f16x2"] = Binary(B32, B32, B32, (a, b) => Pair(a, b, (x, y) => HalfOf(Half(x) * Half(y)))),
        ["fma.rn.bf16x2"] = Ternary(B32, B32, B32, B32, (a, b, c) => c == 0x80008000
            ? Pair(a, b, (x, y) => BrainOf(Brain(x) * Brain(y)))
            : throw new PtxException(PtxComplaint.Unknown, 0, $"fma.rn.bf16x2 adds {c:x}; only −0 is known")),

        ["cvt.rn.bf16x2.f32"] = Binary(B32, B32, B32, (a, b) => (uint)BrainOf(Float(a)) << 16 | BrainOf(Float(b))),
        ["cvt.rn.f16x2.f32"] = Binary(B32, B32, B32, (a, b) => (uint)HalfOf(Float(a)) << 16 | HalfOf(Float(b))),
    };

    /// <summary>float32 of two float32, rounded once.</summary>
    public static Decoder Arithmetic(Func<float, float, float> function) => Binary(B32, B32, B32, (a, b) => Of(function(Float(a), Float(b))));

    private static Decoder Compare(Func<float, float, bool> holds) => Binary(Predicate, B32, B32, (a, b) => holds(Float(a), Float(b)) ? 1u : 0);

    private static ulong Pair(ulong a, ulong b, Func<ushort, ushort, ushort> product) =>
        (uint)product((ushort)(a >> 16), (ushort)(b >> 16)) << 16 | product((ushort)a, (ushort)b);

    // Of a number and NaN the number.
    private static ulong Max(ulong a, ulong b) =>
        float.IsNaN(Float(a)) ? float.IsNaN(Float(b)) ? QuietNaN : b
        : float.IsNaN(Float(b)) ? a
        : Of(MathF.Max(Float(a), Float(b)));
}

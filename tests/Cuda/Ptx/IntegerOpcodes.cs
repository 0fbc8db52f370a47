using static Kernels.Tests.Cuda.Ptx.ComputeDecoder;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Integers, bits and predicates. PTX ISA manual, "Integer Arithmetic", "Comparison and Selection", "Logic and Shift".</summary>
internal static class IntegerOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["add.s32"] = Binary(B32, B32, B32, (a, b) => (uint)(a + b)),
        ["add.s64"] = Binary(B64, B64, B64, (a, b) => a + b),
        ["sub.s32"] = Binary(B32, B32, B32, (a, b) => (uint)(a - b)),
        ["sub.s64"] = Binary(B64, B64, B64, (a, b) => a - b),
        ["mul.lo.s32"] = Binary(B32, B32, B32, (a, b) => (uint)(a * b)),
        ["mul.lo.s64"] = Binary(B64, B64, B64, (a, b) => a * b),
        ["mul.wide.s32"] = Binary(B64, B32, B32, (a, b) => (ulong)((long)(int)a * (int)b)),
        ["mul.wide.u32"] = Binary(B64, B32, B32, (a, b) => a * b),
        ["div.s32"] = Binary(B32, B32, B32, (a, b) => (uint)((int)a / (int)b)),
        ["div.u32"] = Binary(B32, B32, B32, (a, b) => (uint)a / (uint)b),
        ["rem.u32"] = Binary(B32, B32, B32, (a, b) => (uint)a % (uint)b),
        ["rem.s32"] = Binary(B32, B32, B32, (a, b) => (uint)((int)a % (int)b)),
        ["neg.s32"] = Unary(B32, B32, a => (uint)-(int)a),
        ["min.s32"] = Binary(B32, B32, B32, (a, b) => (uint)Math.Min((int)a, (int)b)),
        ["max.s32"] = Binary(B32, B32, B32, (a, b) => (uint)Math.Max((int)a, (int)b)),
        ["min.s64"] = Binary(B64, B64, B64, (a, b) => (ulong)Math.Min((long)a, (long)b)),

        ["and.pred"] = Binary(Predicate, Predicate, Predicate, (a, b) => a & b),
        ["or.pred"] = Binary(Predicate, Predicate, Predicate, (a, b) => a | b),
        ["and.b32"] = Binary(B32, B32, B32, (a, b) => a & b),
        ["or.b32"] = Binary(B32, B32, B32, (a, b) => a | b),
        ["or.b64"] = Binary(B64, B64, B64, (a, b) => a | b),
        ["xor.b32"] = Binary(B32, B32, B32, (a, b) => a ^ b),
        ["not.b32"] = Unary(B32, B32, a => (uint)~a),
        // Shifts by more than the width are by the width.
        ["shl.b32"] = Binary(B32, B32, B32, (a, b) => b < 32 ? (uint)(a << (int)b) : 0),
        ["shl.b64"] = Binary(B64, B64, B32, (a, b) => b < 64 ? a << (int)b : 0),
        ["shr.u32"] = Binary(B32, B32, B32, (a, b) => b < 32 ? a >> (int)b : 0),
        ["shr.s32"] = Binary(B32, B32, B32, (a, b) => (uint)((int)a >> (int)Math.Min(b, 31))),
        ["shr.u64"] = Binary(B64, B64, B32, (a, b) => b < 64 ? a >> (int)b : 0),
        ["shr.s64"] = Binary(B64, B64, B32, (a, b) => (ulong)((long)a >> (int)Math.Min(b, 63))),
        ["bfe.u32"] = Ternary(B32, B32, B32, B32, BitField),

        ["cvt.s64.s32"] = Unary(B64, B32, a => (ulong)(int)a),
        ["cvt.u64.u32"] = Unary(B64, B32, a => a),
        ["cvt.u16.u32"] = Unary(B16, B32, a => (ushort)a),
        ["cvt.u32.u64"] = Unary(B32, B64, a => (uint)a),

        ["setp.eq.s32"] = Compare32((a, b) => a == b),
        ["setp.ne.s32"] = Compare32((a, b) => a != b),
        ["setp.lt.s32"] = Compare32((a, b) => a < b),
        ["setp.le.s32"] = Compare32((a, b) => a <= b),
        ["setp.gt.s32"] = Compare32((a, b) => a > b),
        ["setp.ge.s32"] = Compare32((a, b) => a >= b),
        ["setp.eq.b32"] = Compare32((a, b) => a == b),
        ["setp.ne.b32"] = Compare32((a, b) => a != b),
        ["setp.lt.u32"] = Binary(Predicate, B32, B32, (a, b) => a < b ? 1u : 0),
        ["setp.gt.u32"] = Binary(Predicate, B32, B32, (a, b) => a > b ? 1u : 0),
        ["setp.eq.s64"] = Compare64((a, b) => a == b),
        ["setp.ne.s64"] = Compare64((a, b) => a != b),
        ["setp.lt.s64"] = Compare64((a, b) => a < b),
        ["setp.gt.s64"] = Compare64((a, b) => a > b),
    };

    private static Decoder Compare32(Func<int, int, bool> holds) => Binary(Predicate, B32, B32, (a, b) => holds((int)a, (int)b) ? 1u : 0);

    private static Decoder Compare64(Func<long, long, bool> holds) => Binary(Predicate, B64, B64, (a, b) => holds((long)a, (long)b) ? 1u : 0);

    // Position and length are the low bytes; bits past the highest are zero.
    private static ulong BitField(ulong a, ulong position, ulong length)
    {
        int begin = (int)(position & 255), bits = (int)(length & 255);
        ulong field = begin < 32 ? (uint)a >> begin : 0;
        return bits < 32 ? field & ((1ul << bits) - 1) : field;
    }
}

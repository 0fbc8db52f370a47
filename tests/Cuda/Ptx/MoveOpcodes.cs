using static Kernels.Tests.Cuda.Ptx.ComputeDecoder;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Moves, selections and addresses.</summary>
internal static class MoveOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["mov.pred"] = Unary(Predicate, Predicate, a => a),
        ["mov.b32"] = Unary(B32, B32, a => a),
        ["mov.u32"] = Unary(B32, B32, a => a),
        ["mov.f32"] = Unary(B32, B32, a => a),
        ["mov.b64"] = Unary(B64, B64, a => a),
        ["mov.u64"] = Unary(B64, B64, a => a),
        ["selp.b32"] = Select,
        ["selp.f32"] = Select,
        ["cvta.global.u64"] = Unary(B64, B64, a => a),
        ["cvta.to.global.u64"] = Unary(B64, B64, a => a),
    };

    private static Decoder Select => Ternary(B32, B32, B32, Predicate, (a, b, p) => p != 0 ? a : b);
}

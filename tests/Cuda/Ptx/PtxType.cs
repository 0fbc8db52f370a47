namespace Kernels.Tests.Cuda.Ptx;

/// <summary>How wide a register or operand is.</summary>
internal enum Width
{
    Predicate = 0,
    B16 = 2,
    B32 = 4,
    B64 = 8,
}

/// <summary>The types of PTX by their names.</summary>
internal static class PtxType
{
    /// <summary>The width of a type; null for one that is not known.</summary>
    public static Width? WidthOf(string type) => type switch
    {
        "pred" => Width.Predicate,
        "b16" or "u16" or "s16" or "f16" => Width.B16,
        "b32" or "u32" or "s32" or "f32" or "f16x2" => Width.B32,
        "b64" or "u64" or "s64" or "f64" => Width.B64,
        _ => null,
    };

    /// <summary>The bits of a register of this width.</summary>
    public static ulong Mask(Width width) => width switch
    {
        Width.Predicate => 1,
        Width.B16 => ushort.MaxValue,
        Width.B32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}

namespace Kernels.Abstractions;

/// <summary>Format of the numbers of a tensor in memory; a kernel may compute in another format.</summary>
public enum Element : byte
{
    /// <summary>IEEE binary32, 4 bytes.</summary>
    Float32,

    /// <summary>The upper half of a binary32: 8 bits of exponent, 7 of mantissa, 2 bytes.</summary>
    BFloat16,

    /// <summary>IEEE binary16, 2 bytes.</summary>
    Float16,
}

/// <summary>Size, name and conversion of elements.</summary>
public static class Elements
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(this Element element) => element == Element.Float32 ? sizeof(float) : sizeof(ushort);

    /// <summary>
    /// The name on the command line, in results and in the protocol of peers: <c>float32</c>, <c>bfloat16</c>, <c>float16</c>.
    /// </summary>
    public static string Text(this Element element) => element switch
    {
        Element.Float32 => "float32",
        Element.BFloat16 => "bfloat16",
        _ => "float16",
    };

    /// <summary>Distance from 1 to the next larger number, ε.</summary>
    public static double Epsilon(this Element element) => element switch
    {
        Element.Float32 => 1.0 / (1 << 23),
        Element.BFloat16 => 1.0 / (1 << 7),
        _ => 1.0 / (1 << 10),
    };

    /// <summary>
    /// Half the distance of the numbers of the format around a finite number, half a unit in its last place: the most that rounding to the format changes.
    /// </summary>
    public static double HalfUnit(this Element element, double number)
    {
        int smallestNormal = element == Element.Float16 ? -14 : -126;
        return Math.ScaleB(element.Epsilon() / 2, Math.Max(Math.ILogB(number), smallestNormal));
    }

    /// <summary>The nearest number of the format, ties to even; numbers out of range become infinite.</summary>
    public static float Round(this Element element, float number) => element switch
    {
        Element.Float32 => number,
        Element.BFloat16 => WidenBFloat16(NarrowBFloat16(number)),
        _ => (float)(Half)number,
    };

    /// <summary>Reads numbers of this format, exactly.</summary>
    /// <param name="element">The format.</param>
    /// <param name="source">As many numbers as <paramref name="target"/> has.</param>
    /// <param name="target">Float32.</param>
    public static unsafe void Widen(this Element element, void* source, Span<float> target)
    {
        if (element == Element.Float32)
        {
            new ReadOnlySpan<float>(source, target.Length).CopyTo(target);
            return;
        }
        ushort* bits = (ushort*)source;
        for (int i = 0; i < target.Length; i++)
            target[i] = element == Element.BFloat16 ? WidenBFloat16(bits[i]) : (float)BitConverter.UInt16BitsToHalf(bits[i]);
    }

    /// <summary>Writes numbers in this format, rounded as <see cref="Round"/> does.</summary>
    /// <param name="element">The format.</param>
    /// <param name="source">Float32.</param>
    /// <param name="target">Room for as many numbers.</param>
    public static unsafe void Narrow(this Element element, ReadOnlySpan<float> source, void* target)
    {
        if (element == Element.Float32)
        {
            source.CopyTo(new Span<float>(target, source.Length));
            return;
        }
        ushort* bits = (ushort*)target;
        for (int i = 0; i < source.Length; i++)
            bits[i] = element == Element.BFloat16 ? NarrowBFloat16(source[i]) : BitConverter.HalfToUInt16Bits((Half)source[i]);
    }

    /// <summary>Reads the name of a format; null when no format has such a name.</summary>
    public static Element? Parse(string text) => text switch
    {
        "float32" => Element.Float32,
        "bfloat16" => Element.BFloat16,
        "float16" => Element.Float16,
        _ => null,
    };

    private static float WidenBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static ushort NarrowBFloat16(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        // A NaN whose payload lies in the lower half must not round to infinity.
        return float.IsNaN(number) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Numbers from the bits of a register, and back.</summary>
internal static class Bits
{
    public static float Float(ulong register) => BitConverter.UInt32BitsToSingle((uint)register);

    public static float Half(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    /// <summary>Of a bfloat16.</summary>
    public static float Brain(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    public static uint Of(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>As bfloat16, the upper half of a float, rounded to nearest even.</summary>
    public static ushort BrainOf(float value)
    {
        if (float.IsNaN(value))
            return 0x7fff;
        (uint upper, uint lower) = (Of(value) >> 16, Of(value) & 0xffff);
        return (ushort)(upper + (lower > 0x8000 || (lower == 0x8000 && upper % 2 == 1) ? 1 : 0));
    }

    /// <summary>Rounded to nearest even.</summary>
    public static ushort HalfOf(float value) => BitConverter.HalfToUInt16Bits((Half)value);
}

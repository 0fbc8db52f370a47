namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Numbers from the bits of a register, and back.</summary>
internal static class Bits
{
    public static float Float(ulong register) => BitConverter.UInt32BitsToSingle((uint)register);

    public static float Half(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    public static uint Of(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>Rounded to nearest even.</summary>
    public static ushort HalfOf(float value) => BitConverter.HalfToUInt16Bits((Half)value);
}

using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Moves numbers by one unit in the last place, up or down at random: about what rounding the inputs does.</summary>
internal static class UnitSteps
{
    private const int Bits = 64;

    /// <summary>A moved copy; zeros, infinities and NaN stay.</summary>
    public static float[] Moved(ReadOnlySpan<float> numbers, ref SeededNormal random)
    {
        float[] moved = new float[numbers.Length];
        ulong bits = 0;
        for (int i = 0; i < moved.Length; i++, bits >>= 1)
        {
            if (i % Bits == 0)
                bits = random.NextBits();
            int number = BitConverter.SingleToInt32Bits(numbers[i]), step = 1 - 2 * (int)(bits & 1);
            moved[i] = numbers[i] != 0 && float.IsFinite(numbers[i]) ? BitConverter.Int32BitsToSingle(number + step) : numbers[i];
        }
        return moved;
    }
}

using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Moves numbers by one unit in the last place, up or down at random: about what rounding the inputs does.</summary>
internal static class UnitSteps
{
    private const int Bits = 64;

    /// <summary>Moves them in place; zeros, infinities and NaN stay.</summary>
    public static void Move(Span<float> numbers, ref SeededNormal random)
    {
        ulong bits = 0;
        for (int i = 0; i < numbers.Length; i++, bits >>= 1)
        {
            if (i % Bits == 0)
                bits = random.NextBits();
            if (numbers[i] != 0 && float.IsFinite(numbers[i]))
                numbers[i] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(numbers[i]) + 1 - 2 * (int)(bits & 1));
        }
    }
}

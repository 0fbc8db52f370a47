using Kernels.Abstractions;

namespace Kernels.Tests.Cuda;

/// <summary>Numbers as a device has them in memory.</summary>
internal static class NarrowNumbers
{
    /// <summary>The bytes of numbers in a format.</summary>
    public static unsafe byte[] NarrowBytes(this Element element, ReadOnlySpan<float> numbers)
    {
        byte[] narrow = new byte[numbers.Length * element.Size()];
        fixed (byte* target = narrow)
            element.Narrow(numbers, target);
        return narrow;
    }
}

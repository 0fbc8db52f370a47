using System.Collections.Immutable;

namespace Kernels.Models.Files;

/// <summary>Arithmetic on sizes that a file claims, which may be any numbers.</summary>
internal static class TensorShape
{
    // Tensors of models have at most five dimensions.
    private const int MostDimensions = 16;

    /// <summary>Numbers in a tensor.</summary>
    /// <param name="shape">Its sizes, each at least 0.</param>
    /// <exception cref="InvalidDataException">A size is negative, or the product does not fit into 63 bits.</exception>
    public static long Count(ImmutableArray<long> shape)
    {
        RequireRank(shape.Length);
        // A size of 0 must not hide the overflow of the others.
        Int128 product = 1;
        foreach (long size in shape)
        {
            if (size < 0)
                throw new InvalidDataException($"has a size of {size}");
            product *= Math.Max(1, size);
            if (product > long.MaxValue)
                throw new InvalidDataException("has more numbers than any file can hold");
        }
        return shape.Contains(0) ? 0 : (long)product;
    }

    /// <summary>Bytes of whole blocks of numbers.</summary>
    /// <exception cref="InvalidDataException">The product does not fit into 63 bits.</exception>
    public static long Bytes(long blocks, int bytesOfBlock) => (Int128)blocks * bytesOfBlock is var bytes && bytes <= long.MaxValue
        ? (long)bytes
        : throw new InvalidDataException("has more bytes than any file can hold");

    /// <summary>Refuses a number of dimensions before they are kept.</summary>
    public static void RequireRank(long rank)
    {
        if (rank > MostDimensions)
            throw new InvalidDataException($"has more than {MostDimensions} dimensions");
    }

    /// <summary>For messages: [30522, 384].</summary>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}

using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>The operands of sums = x·W, or x·Wᵀ, for so few rows that reading W bounds it.</summary>
internal readonly unsafe struct StreamedOperands
{
    /// <summary>[rows, depth].</summary>
    public required float* X { get; init; }

    /// <summary>Floats from one row of x to the next.</summary>
    public required nint XRow { get; init; }

    /// <summary>At most <see cref="MostRows"/> of the order.</summary>
    public required int Rows { get; init; }

    /// <summary>Numbers of a row of x.</summary>
    public required int Depth { get; init; }

    /// <summary>W from the first column to compute, in the order and format of the kernel that reads it.</summary>
    public required void* W { get; init; }

    /// <summary>Columns of the whole product.</summary>
    public required nint Width { get; init; }

    /// <summary>Columns to compute.</summary>
    public required int Count { get; init; }

    /// <summary>[rows, count].</summary>
    public required float* Sums { get; init; }

    /// <summary>Floats from one row of sums to the next.</summary>
    public required nint SumsRow { get; init; }

    /// <summary>
    /// The most rows of x: with more, the reads of W, or of x, from the cache for each row cost more than those of W from memory.
    /// </summary>
    public static int MostRows(WeightOrder order) => order == WeightOrder.OutIn ? 16 : 4;
}

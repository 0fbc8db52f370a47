namespace Kernels.Layers;

/// <summary>The operands of sums = x·W for so few rows that reading W bounds it.</summary>
internal readonly unsafe struct StreamedOperands
{
    /// <summary>The most rows of x: with more, the reads of W from the cache for each row cost more than those from memory.</summary>
    public const int MostRows = 4;

    /// <summary>[rows, depth].</summary>
    public required float* X { get; init; }

    /// <summary>Floats from one row of x to the next.</summary>
    public required nint XRow { get; init; }

    /// <summary>At most <see cref="MostRows"/>.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of x, rows of W.</summary>
    public required int Depth { get; init; }

    /// <summary>[depth, width], from the first row and column, in the format of the kernel that reads it.</summary>
    public required void* W { get; init; }

    /// <summary>Columns of the whole matrix.</summary>
    public required nint Width { get; init; }

    /// <summary>Columns to compute.</summary>
    public required int Count { get; init; }

    /// <summary>[rows, count].</summary>
    public required float* Sums { get; init; }

    /// <summary>Floats from one row of sums to the next.</summary>
    public required nint SumsRow { get; init; }

    /// <summary>Makes all sums 0.</summary>
    public void Clear()
    {
        for (int row = 0; row < Rows; row++)
            new Span<float>(Sums + row * SumsRow, Count).Clear();
    }
}

using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Strided attention of the Sparse Transformer (Child et al. 2019), section 4.2, with both sets of keys in one head (section 4.3): a
/// query at position p sees the keys p − stride … p, and before them those that are a multiple of the stride away. Causal.
/// </summary>
public sealed record StridedPattern : AttentionMask
{
    private readonly SteppedPart window, columns;

    /// <summary>Creates the pattern.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stride is less than 1.</exception>
    public StridedPattern(int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        Stride = stride;
        window = new SteppedPart(1, -stride, 0);
        // The window includes the key one stride away.
        columns = new SteppedPart(stride, int.MinValue, -2);
    }

    /// <summary>Parses the name.</summary>
    public static MaskForm Form { get; } = new(
        "strided128", "strided6", "strided(?<stride>[0-9]+)", numbers => new StridedPattern(numbers.AtLeast("stride", 1, "stride")));

    /// <summary>Keys of the window besides the query's own, and the distance between the others.</summary>
    public int Stride { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"strided{Stride}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => Stride;

    /// <inheritdoc/>
    public override int Parts => 2;

    /// <inheritdoc/>
    public override PatternPart Part(int index) => index == 0 ? window : columns;

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key)
    {
        long before = (long)query + head.Offset - key;
        return before >= 0 && (before <= Stride || before % Stride == 0) ? 1 : 0;
    }
}

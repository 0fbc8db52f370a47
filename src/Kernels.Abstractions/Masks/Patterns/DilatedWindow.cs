using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Dilated sliding window: a query at position p sees p + i·rate for −<see cref="Left"/> ≤ i ≤ <see cref="Right"/>. Longformer (Beltagy et
/// al. 2020), section 3.1.
/// </summary>
public sealed record DilatedWindow : AttentionMask
{
    private readonly SteppedPart part;

    /// <summary>Creates a window of keys before and after each query, <paramref name="rate"/> tokens apart.</summary>
    /// <exception cref="ArgumentException">A side is negative, or the rate less than 1.</exception>
    public DilatedWindow(int left, int right, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        (Left, Right, Rate) = (left, right, rate);
        part = new SteppedPart(rate, -left, right);
    }

    /// <summary>Parses the name; the window counts both sides, as in <see cref="WindowMask"/>.</summary>
    public static MaskForm Form { get; } = new(
        "dilated64x4", "dilated8x3", @"dilated(?<left>[0-9]+)(\+(?<right>[0-9]+))?x(?<rate>[0-9]+)",
        numbers =>
        {
            (int left, int right) = WindowMask.Sides(numbers);
            return new DilatedWindow(left, right, numbers.AtLeast("rate", 1, "rate"));
        });

    /// <summary>Keys seen before a query's own position.</summary>
    public int Left { get; }

    /// <summary>Keys seen after a query's own position.</summary>
    public int Right { get; }

    /// <summary>Distance between two keys of a window.</summary>
    public int Rate { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture, $"dilated{(Left == Right && Left > 0 ? $"{2L * Left}" : $"{Left}+{Right}")}x{Rate}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => (int)Math.Min(int.MaxValue, (long)Math.Max(Left, Right) * Rate);

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key)
    {
        long distance = key - ((long)query + head.Offset);
        return distance % Rate == 0 && distance >= -(long)Left * Rate && distance <= (long)Right * Rate ? 1 : 0;
    }

    /// <inheritdoc/>
    public override PatternPart Part(int index) => part;
}

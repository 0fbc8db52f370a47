namespace Kernels.Abstractions;

/// <summary>
/// The problem of a layer around attention: that of its core, in token-major order as projections write it, and the widths of the rows around
/// it. x has <see cref="AttentionProblem.Queries"/> rows of <see cref="Width"/> numbers a sequence; where a layer attends to other rows, or
/// continues a cache, those are <see cref="AttentionProblem.Keys"/>.
/// </summary>
public sealed record LayerProblem : AttentionProblem
{
    /// <summary>The widths of models that say nothing else: four times that of a row (Vaswani et al. 2017, section 3.3).</summary>
    public const int HiddenPerWidth = 4;

    /// <summary>Creates a problem around a core.</summary>
    /// <param name="core">Sizes, mask and scale of the attention; the value width is that of keys, and positions are the default.</param>
    /// <param name="width">Numbers of a row, at least 1.</param>
    /// <param name="hidden">Numbers between the products of a feed-forward network, at least 1; four times the width when null.</param>
    /// <exception cref="ArgumentException">A size is not positive, a matrix would hold more than 2³¹−1 numbers, or the core has widths or positions of
    /// its own.</exception>
    public LayerProblem(AttentionProblem core, int width, int? hidden = null)
        : base(core.Batch, core.Heads, core.KvHeads, core.Queries, core.Keys, core.HeadDim, core.Mask, core.Scale, order: TokenOrder.TokenMajor)
    {
        if (core.ValueDim != core.HeadDim || core.QueryStart != core.UsualQueryStart || core.KeyStart != 0)
            throw new ArgumentException($"The core of a layer has values as wide as keys and the usual positions; {core} has not.");
        Width = width;
        Hidden = hidden ?? (int)Math.Min(int.MaxValue, (long)HiddenPerWidth * width);
        if (Width < 1 || Hidden < 1)
            throw new ArgumentException($"The widths of a layer must be at least 1, but are {Width} and {Hidden}.");
        foreach ((string what, Int128 length) in (ReadOnlySpan<(string, Int128)>)
        [
            ("x", (Int128)Batch * Queries * Width), ("the rows attended to", (Int128)Batch * Keys * Width),
            ("the hidden rows", (Int128)Batch * Queries * Hidden),
            ("a matrix of the attention", (Int128)Width * Heads * HeadDim), ("a matrix of the feed-forward network", (Int128)Width * Hidden),
        ])
        {
            if (length > int.MaxValue)
                throw new ArgumentException($"{what} would hold {length:N0} numbers; one tensor holds at most {int.MaxValue:N0}.");
        }
    }

    /// <summary>A problem of rows alone, without attention, such as a product.</summary>
    public static LayerProblem OfRows(int rows, int width, int hidden) => new(new AttentionProblem(1, 1, 1, rows, rows, 1), width, hidden);

    /// <summary>Numbers of a row outside the heads.</summary>
    public int Width { get; }

    /// <summary>Numbers between the two products of a feed-forward network.</summary>
    public int Hidden { get; }

    /// <summary>Numbers of a row of all query heads.</summary>
    public int QueryWidth => Heads * HeadDim;

    /// <summary>Numbers of a row of all kv heads.</summary>
    public int KeyWidth => KvHeads * HeadDim;

    /// <summary>The attention alone.</summary>
    public AttentionProblem Core => new(Batch, Heads, KvHeads, Queries, Keys, HeadDim, Mask, Scale, order: TokenOrder.TokenMajor);

    /// <summary>The same layer with other sizes of its core.</summary>
    public override AttentionProblem On(AttentionProblem core) => new LayerProblem(core, Width, Hidden);
}

namespace Kernels.Flash.Decode;

/// <summary>How the numbers of a query, key, value or output row are cut into vectors.</summary>
/// <param name="Numbers">Channels.</param>
/// <param name="Width">Numbers in a vector.</param>
internal readonly record struct RowShape(int Numbers, int Width)
{
    /// <summary>Numbers of a key or value as the loops read it: a shorter row is copied and padded to one vector.</summary>
    public int Length => Math.Max(Numbers, Width);

    /// <summary>Channels rounded up to whole vectors: the length of a row in scratch.</summary>
    public int Channels => (Numbers + Width - 1) / Width * Width;

    /// <summary>Where the last vector of a key or value is read: it ends with the row, and overlaps the one before when it must.</summary>
    public int LastVector => Length - Width;

    /// <summary>Whether the row is shorter than a vector, and so must be copied before it can be read.</summary>
    public bool IsPadded => Length > Numbers;

    /// <summary>Channels in whole vectors; the others are the tail.</summary>
    public int Whole => Numbers / Width * Width;

    /// <summary>Channels behind the whole vectors.</summary>
    public int Tail => Numbers - Whole;

    /// <summary>
    /// Offset of the tail in scratch. The last vector there corresponds to the last vector of a key or value, so the tail is at its end; in
    /// a padded row it is at the beginning.
    /// </summary>
    public int TailBegin => IsPadded ? 0 : Channels - Tail;
}

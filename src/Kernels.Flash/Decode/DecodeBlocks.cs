using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Flash.Decode;

/// <summary>The sizes of what one work item computes: all rows of a kv head on a block of keys at a time.</summary>
/// <param name="Rows">Queries of all the heads that share the kv head.</param>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Width">Floats in a vector.</param>
internal readonly record struct DecodeBlocks(int Rows, int HeadDim, int Width)
{
    /// <summary>More rows are work for a kernel that is bound by arithmetic, not by reading.</summary>
    public const int MaxRows = 16;

    /// <summary>
    /// Keys between two updates of the softmax. At headDim 128 a block of keys and one of values are 128 KB together, so both stay in a
    /// second-level cache while several passes of rows and channels read them. Every update interrupts the multiply-adds: on a Zen 4, one
    /// thread was about 5 % slower in cache with blocks of 64; on two threads they could not be told apart.
    /// </summary>
    public const int Keys = 128;

    /// <summary>Floats of a key or value as the loops read it: a shorter row is copied and padded to one vector.</summary>
    public int RowLength => Math.Max(HeadDim, Width);

    /// <summary>Head dimension rounded up to whole vectors.</summary>
    public int Channels => (HeadDim + Width - 1) / Width * Width;

    /// <summary>Where the last vector of a key or value is read: it ends with the row, and overlaps the one before when it must.</summary>
    public int LastVector => RowLength - Width;

    /// <summary>Whether rows are shorter than a vector, and so must be copied before they can be read.</summary>
    public bool PadsRows => RowLength > HeadDim;

    /// <summary>Floats of a block of keys and one of values, padded; none when rows are long enough.</summary>
    public int PaddedRows => PadsRows ? 2 * Keys * RowLength : 0;

    public static DecodeBlocks Of<TSimd, TVector>(AttentionProblem problem)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        new(problem.Heads / problem.KvHeads * problem.Queries, problem.HeadDim, TSimd.Width);
}

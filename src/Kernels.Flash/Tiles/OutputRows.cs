using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The end of a tile: divides each row by its sum of weights, or joins it to the old output, and writes it.
/// </summary>
internal static unsafe class OutputRows<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>
    /// Writes the rows when their sums of weighted values are finite, and returns whether they are. If not, rows that are joined to old outputs
    /// have not been written.
    /// </summary>
    /// <param name="tile">The rows.</param>
    /// <param name="seeing">The rows that saw a key.</param>
    /// <param name="end">Scale and factor of the weights.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="scratch">References, sums and outputs are read.</param>
    /// <param name="targets">Where the rows go.</param>
    public static bool TryWrite<TRows>(
        in TRows tile, ReadOnlySpan<bool> seeing, RowEnd end, FlashBlocks blocks, FlashScratch<TSet> scratch, in RowTargets targets)
        where TRows : struct, ITileRows
    {
        seeing = seeing[..tile.Rows];
        if (!targets.HasLse && tile.IsEvenlySpaced && !seeing.Contains(false))
        {
            float* first = targets.Output(tile, 0);
            nint stride = (nint)(targets.Output(tile, 1) - first);
            return TSet.DivideRows(scratch.Output, blocks.Channels, scratch.Sum, first, stride, tile.Rows, blocks.ValueDim);
        }
        // Without a row that saw a key there are no sums.
        if (seeing.Contains(true) && !TSet.AllFinite(scratch.Output, tile.Rows * blocks.Channels))
            return false;
        Write(tile, seeing, end, blocks, scratch, targets);
        return true;
    }

    /// <summary>Writes the rows, whatever their sums are.</summary>
    /// <inheritdoc cref="TryWrite"/>
    public static void Write<TRows>(
        in TRows tile, ReadOnlySpan<bool> seeing, RowEnd end, FlashBlocks blocks, FlashScratch<TSet> scratch, in RowTargets targets)
        where TRows : struct, ITileRows
    {
        for (int row = 0; row < tile.Rows; row++)
        {
            if (!seeing[row])
            {
                WriteUnseen(tile, row, blocks.ValueDim, end, targets);
                continue;
            }
            float* weighted = scratch.Output + (nint)row * blocks.Channels, output = targets.Output(tile, row);
            (float share, float before) = end.Close(scratch.Reference[row], scratch.Sum[row], targets.Lse(tile, row));
            TSet.Mix(weighted, share, output, before, blocks.ValueDim);
        }
    }

    /// <summary>Writes rows that have seen no key yet, which later steps join to.</summary>
    public static void Clear<TRows>(in TRows tile, AttentionProblem problem, in RowTargets targets)
        where TRows : struct, ITileRows
    {
        var end = new RowEnd(ScoreScale.OfDifferences(problem.Scale), weightFactor: 1, joins: false);
        for (int row = 0; row < tile.Rows; row++)
            WriteUnseen(tile, row, problem.ValueDim, end, targets);
    }

    private static void WriteUnseen<TRows>(in TRows tile, int row, int channels, RowEnd end, in RowTargets targets)
        where TRows : struct, ITileRows
    {
        if (end.CloseUnseen(targets.Lse(tile, row)))
            new Span<float>(targets.Output(tile, row), channels).Clear();
    }
}

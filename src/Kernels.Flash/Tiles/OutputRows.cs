using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Softmax;

namespace Kernels.Flash.Tiles;

/// <summary>
/// The end of a tile: divides each row by its sum of weights, or joins it to what the output holds, and writes it where it belongs.
/// </summary>
internal static unsafe class OutputRows<TSet>
    where TSet : struct, IInstructionSet
{
    /// <param name="tile">Where the rows belong.</param>
    /// <param name="seeing">The rows that saw a key.</param>
    /// <param name="problem">The scale.</param>
    /// <param name="blocks">Sizes.</param>
    /// <param name="scratch">References, sums and outputs are read.</param>
    /// <param name="joins">Whether the targets hold attention over other keys, to which the rows are joined.</param>
    /// <param name="targets">Where the rows go.</param>
    public static void Write<TRows>(
        in TRows tile, ReadOnlySpan<bool> seeing, AttentionProblem problem, FlashBlocks blocks, FlashScratch<TSet> scratch, bool joins,
        in RowTargets targets)
        where TRows : struct, ITileRows
    {
        // Fused or not, every weight of a context contains its factor.
        var end = new RowEnd(ScoreScale.OfDifferences(problem.Scale), TSet.WeightFactor, joins);
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

    /// <summary>Makes rows those of queries that saw no key, to be joined to later.</summary>
    public static void Clear<TRows>(in TRows tile, AttentionProblem problem, in RowTargets targets)
        where TRows : struct, ITileRows
    {
        var end = new RowEnd(ScoreScale.OfDifferences(problem.Scale), TSet.WeightFactor, joins: false);
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

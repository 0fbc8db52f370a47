using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Sparse;

/// <summary>
/// How a problem under a pattern is cut into work items. A pattern of one part that contains every row is one stage of tiles, each of
/// which writes its rows. Otherwise the first stage clears the output, and each part is a stage whose tiles add to it.
/// </summary>
internal readonly struct SparseItem<TSet>
    where TSet : struct, IInstructionSet
{
    private const int ClearedRows = 4096;

    private SparseItem(int headIndex, int part, int group, int tile) => (HeadIndex, Part, Group, Tile) = (headIndex, part, group, tile);

    /// <summary>Batch · heads + head.</summary>
    public int HeadIndex { get; }

    /// <summary>The part of the pattern; −1 for an item that clears rows.</summary>
    public int Part { get; }

    /// <summary>The group of the part.</summary>
    public int Group { get; }

    /// <summary>The tile within the group, or the piece of rows to clear.</summary>
    public int Tile { get; }

    /// <summary>Whether tiles add to the output instead of overwriting it.</summary>
    public static bool Adds(AttentionProblem problem) => problem.Mask.Parts > 1 || !problem.Mask.Part(0).HasEveryRow(problem.Head(0));

    /// <summary>Number of stages.</summary>
    public static int Stages(AttentionProblem problem) => Adds(problem) ? 1 + problem.Mask.Parts : 1;

    /// <summary>Items of a stage.</summary>
    public static int Items(AttentionProblem problem, int stage) => problem.Batch * problem.Heads * PerHead(problem, PartOf(problem, stage));

    /// <summary>The item with this number in a stage.</summary>
    public static SparseItem<TSet> Of(AttentionProblem problem, int stage, int item)
    {
        int part = PartOf(problem, stage);
        (int headIndex, int rest) = Math.DivRem(item, PerHead(problem, part));
        if (part < 0)
            return new(headIndex, part, 0, rest);
        int tiles = TilesPerGroup(problem, part);
        return new(headIndex, part, rest / tiles, rest % tiles);
    }

    /// <summary>The queries of this item; none where a group is shorter than the longest.</summary>
    public TokenRun Queries(AttentionProblem problem)
    {
        if (Part < 0)
            return TokenRun.Range(Tile * ClearedRows, (int)Math.Min(problem.Queries, (Tile + 1L) * ClearedRows));
        TokenRun rows = problem.Mask.Part(Part).Rows(problem.Head(HeadIndex % problem.Heads), Group);
        int begin = Tile * TSet.QueryRows, end = Math.Min(rows.Count, begin + TSet.QueryRows);
        return begin >= end ? default : rows.Slice(new KeyRange(begin, end));
    }

    private static int PartOf(AttentionProblem problem, int stage) => Adds(problem) ? stage - 1 : stage;

    private static int PerHead(AttentionProblem problem, int part) =>
        part < 0
            ? (problem.Queries - 1) / ClearedRows + 1
            : problem.Mask.Part(part).Groups(problem.Head(0)) * TilesPerGroup(problem, part);

    private static int TilesPerGroup(AttentionProblem problem, int part) =>
        (problem.Mask.Part(part).MostRows(problem.Head(0)) - 1) / TSet.QueryRows + 1;
}

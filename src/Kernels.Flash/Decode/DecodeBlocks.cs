using Kernels.Abstractions;
using Kernels.Primitives.Decode;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Decode;

/// <summary>The sizes of what one work item computes: all rows of a kv head on a block of keys at a time.</summary>
/// <param name="Rows">Queries of all the heads that share the kv head.</param>
/// <param name="Key">A query or key.</param>
/// <param name="Value">A value or output row.</param>
internal readonly record struct DecodeBlocks(int Rows, RowShape Key, RowShape Value)
{
    /// <summary>Floats of the padded copy of a block of keys; 0 when keys are at least a vector long.</summary>
    public int PaddedKeys => Padded(Key);

    /// <summary>Floats of the padded copy of a block of values; 0 when values are at least a vector long.</summary>
    public int PaddedValues => Padded(Value);

    public static DecodeBlocks Of<TSet>(AttentionProblem problem)
        where TSet : struct, IInstructionSet =>
        new(problem.Heads / problem.KvHeads * problem.Queries, new(problem.HeadDim, TSet.Width), new(problem.ValueDim, TSet.Width));

    private static int Padded(RowShape row) => row.IsPadded ? DecodeLayout.Keys * row.Length : 0;
}

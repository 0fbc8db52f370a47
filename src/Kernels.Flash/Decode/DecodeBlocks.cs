using System.Numerics;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.Decode;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Decode;

/// <summary>The sizes of what one work item computes: all rows of a kv head on a block of keys at a time.</summary>
/// <param name="Rows">Queries of all the heads that share the kv head.</param>
/// <param name="Keys">Keys of a block, a power of two.</param>
/// <param name="Key">A query or key.</param>
/// <param name="Value">A value or output row.</param>
internal readonly record struct DecodeBlocks(int Rows, int Keys, RowShape Key, RowShape Value)
{
    // A whole vector of scores with every instruction set.
    private const int ShortestBlock = 16;

    /// <summary>Floats of the padded copy of a block of keys; 0 when keys are at least a vector long.</summary>
    public int PaddedKeys => Padded(Key);

    /// <summary>Floats of the padded copy of a block of values; 0 when values are at least a vector long.</summary>
    public int PaddedValues => Padded(Value);

    /// <param name="problem">Shapes.</param>
    /// <param name="element">Format of keys and values.</param>
    public static DecodeBlocks Of<TSet>(AttentionProblem problem, Element element)
        where TSet : struct, IInstructionSet
    {
        RowShape key = new(problem.HeadDim, TSet.Width), value = new(problem.ValueDim, TSet.Width);
        return new(problem.Heads / problem.KvHeads * problem.Queries, BlockKeys(problem, (key.Length + value.Length) * element.Size()), key, value);
    }

    // From memory, keys and values of a block stay in the first-level cache while several passes of rows and channels read them, beside the half of the next
    // block that arrives meanwhile. From a cache each update of the softmax, which interrupts the multiply-adds, weighs more: there a long block stays in
    // the second-level cache. (Zen 5: 32 keys were a tenth faster there on one thread, but slower on two.)
    private static int BlockKeys(AttentionProblem problem, int keyBytes)
    {
        if ((long)problem.Batch * problem.KvHeads * problem.Keys * keyBytes <= CacheSize.ThirdLevel)
            return DecodeLayout.MostKeys;
        long fitting = CacheSize.FirstLevel / 3 / keyBytes;
        return Math.Clamp(1 << BitOperations.Log2((uint)Math.Max(1, fitting)), ShortestBlock, DecodeLayout.MostKeys);
    }

    private int Padded(RowShape row) => row.IsPadded ? Keys * row.Length : 0;
}

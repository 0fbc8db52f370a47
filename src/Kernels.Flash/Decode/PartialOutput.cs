using Kernels.Primitives;
using Kernels.Primitives.Decode;

namespace Kernels.Flash.Decode;

/// <summary>The softmax state of the rows over one split, before the division by the sum.</summary>
internal readonly unsafe struct PartialOutput
{
    public PartialOutput(float* memory, DecodeBlocks blocks)
    {
        Max = memory;
        Sum = Max + DecodeLayout.MaxRows;
        Output = Sum + DecodeLayout.MaxRows;
        Channels = blocks.Value.Channels;
    }

    /// <summary>Largest score, not yet scaled, [row].</summary>
    public float* Max { get; }

    /// <summary>Sum of weights, [row].</summary>
    public float* Sum { get; }

    /// <summary>Weighted sum of values, [row, <see cref="Channels"/>]; the last vector is the one that ends with the row.</summary>
    public float* Output { get; }

    /// <summary>Floats of a row.</summary>
    public int Channels { get; }

    /// <summary>Floats of one partial output: whole cache lines, to avoid false sharing.</summary>
    public static int Length(DecodeBlocks blocks) =>
        2 * DecodeLayout.MaxRows + (blocks.Rows * blocks.Value.Channels + CacheLine.Floats - 1) / CacheLine.Floats * CacheLine.Floats;

    /// <summary>Sets the state before the first key.</summary>
    public void Reset(DecodeBlocks blocks)
    {
        // Not −∞: a row with only hidden scores would compute −∞ − −∞ = NaN.
        new Span<float>(Max, DecodeLayout.MaxRows).Fill(float.MinValue);
        new Span<float>(Sum, DecodeLayout.MaxRows).Clear();
        new Span<float>(Output, blocks.Rows * blocks.Value.Channels).Clear();
    }
}

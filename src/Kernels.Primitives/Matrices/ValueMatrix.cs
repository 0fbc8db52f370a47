using Kernels.Primitives.InstructionSets;

namespace Kernels.Primitives.Matrices;

/// <summary>
/// V [keys, channels] read as whole vectors: in place where a vector lies within a row, and from a zero-padded copy where the row ends
/// within a vector, so that nothing is read past the end of a row.
/// </summary>
public readonly unsafe struct ValueMatrix<TSet>
    where TSet : struct, IInstructionSet
{
    private readonly float* values, tail;
    private readonly int channels, wholeChannels;

    /// <summary>Copies the last, partial vectors of <paramref name="keys"/> rows.</summary>
    /// <param name="values">[keys, channels], contiguous.</param>
    /// <param name="keys">Rows.</param>
    /// <param name="channels">Channels of a row.</param>
    /// <param name="tail"><see cref="TailLength"/> floats, which must outlive this matrix.</param>
    public ValueMatrix(float* values, int keys, int channels, float* tail)
    {
        this.values = values;
        this.tail = tail;
        this.channels = channels;
        wholeChannels = channels / TSet.Width * TSet.Width;
        if (wholeChannels < channels)
            CopyTail(keys);
    }

    /// <summary>Floats of the copy.</summary>
    public static long TailLength(long keys, int channels) => channels % TSet.Width == 0 ? 0 : keys * TSet.Width;

    /// <summary>output = weights·V[firstKey … firstKey + keys], or output += it.</summary>
    /// <param name="rows">Rows of weights and output.</param>
    /// <param name="firstKey">First row of V that takes part.</param>
    /// <param name="keys">Rows of V that take part, at least 1.</param>
    /// <param name="weights">[rows, keys], any strides.</param>
    /// <param name="output">[rows, <see cref="InstructionSet.WholeVectors"/>].</param>
    /// <param name="add">Whether the product is added to what the output holds.</param>
    public void Multiply(int rows, int firstKey, int keys, MatrixView weights, MatrixView output, bool add)
    {
        if (wholeChannels > 0)
        {
            var whole = new MatrixView(values + (nint)firstKey * channels, channels);
            TSet.MultiplyMatrix(rows, keys, wholeChannels, weights, whole, output, add);
        }
        if (wholeChannels < channels)
        {
            var last = new MatrixView(tail + (nint)firstKey * TSet.Width, TSet.Width);
            TSet.MultiplyMatrix(rows, keys, TSet.Width, weights, last, output.From(0, wholeChannels), add);
        }
    }

    private void CopyTail(int keys)
    {
        int count = channels - wholeChannels;
        for (nint key = 0; key < keys; key++)
        {
            float* destination = tail + key * TSet.Width;
            new Span<float>(destination, TSet.Width).Clear();
            for (int c = 0; c < count; c++)
                destination[c] = values[key * channels + wholeChannels + c];
        }
    }
}

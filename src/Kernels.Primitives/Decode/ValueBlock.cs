namespace Kernels.Primitives.Decode;

/// <summary>A block of values and the rows that they are added to, for some vectors of channels.</summary>
/// <typeparam name="TElement">Format of the values.</typeparam>
public readonly unsafe struct ValueBlock<TElement>
    where TElement : unmanaged, IStored<TElement>
{
    /// <summary>[keys, <see cref="Stride"/>], the first of the vectors of channels.</summary>
    public required TElement* Values { get; init; }

    /// <summary>Numbers from one value to the next.</summary>
    public required nint Stride { get; init; }

    /// <summary>Keys.</summary>
    public required int Count { get; init; }

    /// <summary>Where the last of four vectors begins, from the first; it overlaps the one before where the row ends within it.</summary>
    public required nint LastVector { get; init; }

    /// <summary>[row, <see cref="DecodeLayout.ScoreStride"/>].</summary>
    public required float* Weights { get; init; }

    /// <summary>Factor of what the output holds, [row].</summary>
    public required float* Rescale { get; init; }

    /// <summary>[row, <see cref="OutputStride"/>].</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one row of the output to the next.</summary>
    public required nint OutputStride { get; init; }

    /// <summary>Address that is prefetched with the first value, as many numbers as its vectors have.</summary>
    public required TElement* Next { get; init; }

    /// <summary>Numbers by which the prefetched address advances for each value.</summary>
    public required nint NextStride { get; init; }
}

namespace Kernels.Primitives.Decode;

/// <summary>
/// A block of keys and the rows that are multiplied with it: scores[row, key] = Σ over channels of queries[row, channel] · keys[key,
/// channel].
/// </summary>
/// <typeparam name="TElement">Format of the keys.</typeparam>
public readonly unsafe struct KeyBlock<TElement>
    where TElement : unmanaged, IStored<TElement>
{
    /// <summary>[keys, <see cref="Stride"/>].</summary>
    public required TElement* Keys { get; init; }

    /// <summary>Numbers from one key to the next; 0 to use one key for all.</summary>
    public required nint Stride { get; init; }

    /// <summary>Keys, at least <see cref="DecodeLayout.FewestKeys"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Channels of a query, whole vectors.</summary>
    public required int Channels { get; init; }

    /// <summary>Where the last vector of a key is read: it ends with the key, and overlaps the one before when it must.</summary>
    public required nint LastVector { get; init; }

    /// <summary>[row, <see cref="Channels"/>], zeros where the last vector of a key overlaps the one before.</summary>
    public required float* Queries { get; init; }

    /// <summary>[row, <see cref="DecodeLayout.ScoreStride"/>], not yet scaled.</summary>
    public required float* Scores { get; init; }

    /// <summary>Address that is prefetched with the first key, as contiguous numbers.</summary>
    public required TElement* Next { get; init; }

    /// <summary>Numbers by which the prefetched address advances for each key; 0 where nothing is worth prefetching.</summary>
    public required nint NextStride { get; init; }
}

using Kernels.Abstractions;

namespace Kernels.Flash.Decode;

/// <summary>Keys or values of one kv head in memory.</summary>
/// <param name="first">The first row.</param>
/// <param name="stride">Numbers from one row to the next.</param>
/// <param name="numbers">Numbers of a row.</param>
internal readonly unsafe struct StoredRows<TElement>(TElement* first, nint stride, int numbers)
    where TElement : unmanaged
{
    /// <summary>The first row.</summary>
    public TElement* First => first;

    /// <summary>Numbers from one row to the next.</summary>
    public nint Stride => stride;

    /// <summary>Whether the rows follow each other without a gap.</summary>
    public bool FollowEachOther => stride == numbers;

    public static StoredRows<TElement> Of(in Tensor tensor, in DecodeRows rows) =>
        new(tensor.At<TElement>(rows.Batch, rows.KvHead), tensor.Layout.TokenStride, tensor.Layout.Channels);

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    public StoredRows<TElement> From(int row) => new(first + row * stride, stride, numbers);

    /// <summary>The first rows, each copied and padded with zeros.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="length">Numbers of a padded row.</param>
    /// <param name="memory"><paramref name="count"/> × <paramref name="length"/> numbers.</param>
    public StoredRows<TElement> Padded(int count, int length, void* memory)
    {
        var target = (TElement*)memory;
        new Span<TElement>(target, count * length).Clear();
        for (int row = 0; row < count; row++)
            new ReadOnlySpan<TElement>(first + row * stride, numbers).CopyTo(new Span<TElement>(target + row * length, numbers));
        return new(target, length, length);
    }
}

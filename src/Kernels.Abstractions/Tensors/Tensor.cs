namespace Kernels.Abstractions;

/// <summary>
/// Borrowed memory of one operand; the creator keeps the memory pinned while it is in use. A pointer and its description, which can cross
/// threads and be passed to devices.
/// </summary>
/// <param name="start">The first number.</param>
/// <param name="operand">Description of the memory.</param>
public readonly unsafe struct Tensor(void* start, Operand operand)
{
    /// <summary>Description of the memory.</summary>
    public Operand Operand => operand;

    /// <summary>Shape and strides.</summary>
    public Layout Layout => operand.Layout;

    /// <summary>Address of the first number.</summary>
    public void* Start => start;

    /// <summary>Address of a row; <typeparamref name="T"/> has the size of the elements.</summary>
    public T* At<T>(int batch, int head, int token = 0)
        where T : unmanaged =>
        (T*)start + operand.Layout.Offset(batch, head, token);

    /// <summary>One row, [channels].</summary>
    public Span<T> Row<T>(int batch, int head, int token)
        where T : unmanaged =>
        new(At<T>(batch, head, token), operand.Layout.Channels);

    /// <summary>The rows of one head, [tokens, channels]; the layout must be head-major.</summary>
    public Span<T> Head<T>(int batch, int head)
        where T : unmanaged =>
        new(At<T>(batch, head), operand.Layout.Tokens * operand.Layout.Channels);

    /// <summary>All numbers; the layout must be head-major.</summary>
    public Span<T> All<T>()
        where T : unmanaged =>
        new(start, (int)operand.Layout.Count);

    /// <summary>Whether the memory of this tensor and another have a byte in common.</summary>
    public bool Overlaps(Tensor other) =>
        (byte*)start < (byte*)other.Start + other.Operand.Bytes && (byte*)other.Start < (byte*)start + operand.Bytes;
}

namespace Kernels.Training.Graphs;

/// <summary>Rows of float32 numbers in native memory, and the gradient of the loss by each of them.</summary>
public sealed unsafe class Value
{
    /// <summary>A view of memory that its owner keeps.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Numbers of a row.</param>
    /// <param name="data">[rows, columns].</param>
    /// <param name="gradient">[rows, columns]; nodes add to it.</param>
    internal Value(int rows, int columns, float* data, float* gradient)
    {
        (Rows, Columns) = (rows, columns);
        Data = data;
        Gradient = gradient;
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row.</summary>
    public int Columns { get; }

    /// <summary>Numbers in it.</summary>
    public int Count => Rows * Columns;

    /// <summary>All numbers, row by row.</summary>
    public Span<float> Numbers => new(Data, Count);

    /// <summary>All gradients, row by row.</summary>
    public Span<float> Gradients => new(Gradient, Count);

    /// <summary>Address of the numbers.</summary>
    internal float* Data { get; }

    /// <summary>Address of the gradients.</summary>
    internal float* Gradient { get; }

    /// <summary>Some rows, in the same memory.</summary>
    public Value Slice(int first, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + rows, Rows, nameof(rows));
        return new(rows, Columns, Data + (nint)first * Columns, Gradient + (nint)first * Columns);
    }

    /// <summary>One row.</summary>
    internal Span<float> Row(int row) => new(Data + (nint)row * Columns, Columns);

    /// <summary>The numbers of some rows.</summary>
    internal Span<float> Part(int first, int rows) => new(Data + (nint)first * Columns, rows * Columns);

    /// <summary>The gradients of one row.</summary>
    internal Span<float> GradientRow(int row) => new(Gradient + (nint)row * Columns, Columns);
}

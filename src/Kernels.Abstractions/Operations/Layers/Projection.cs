namespace Kernels.Abstractions;

/// <summary>A product with a matrix by itself: y = x·W + b for every row; <see cref="ProjectionBackward"/> is its way back.</summary>
public sealed record Projection : RowProduct
{
    /// <inheritdoc/>
    public override string Name => "projection";

    /// <inheritdoc/>
    public override string Formula => "x·W + b";
}

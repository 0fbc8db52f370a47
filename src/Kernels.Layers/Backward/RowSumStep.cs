using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>The sum of all rows, one after the other. An item is some columns, so that nothing is added across threads.</summary>
internal sealed unsafe class RowSumStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    // A kilobyte: sums stay in the first-level cache, and a row is read in whole pieces that a prefetcher follows.
    private const int ColumnsOfItem = 256;

    /// <summary>[rows, width].</summary>
    public required Rows X { get; init; }

    /// <summary>Rows, at least 1.</summary>
    public required int RowCount { get; init; }

    /// <summary>Numbers of a row.</summary>
    public required int Width { get; init; }

    /// <summary>[width].</summary>
    public required Rows Output { get; init; }

    /// <inheritdoc/>
    public override int Items => (Width - 1) / ColumnsOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int begin = item * ColumnsOfItem, columns = Math.Min(ColumnsOfItem, Width - begin);
        float* x = X.Of(call) + begin, sums = Output.Of(call) + begin;
        new ReadOnlySpan<float>(x, columns).CopyTo(new Span<float>(sums, columns));
        for (nint row = 1; row < RowCount; row++)
            TSet.Add(x + row * Width, sums, sums, columns);
    }
}

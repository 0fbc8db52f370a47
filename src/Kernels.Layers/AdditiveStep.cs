using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// Additive attention of projected queries: an item is a block of queries, whose weights stay in cache for the product with the encoder's rows.
/// </summary>
internal sealed unsafe class AdditiveStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Attention;

    // Four register tiles share the copy of a panel of rows.
    private const int MostRows = 24;

    /// <summary>Sizes.</summary>
    public required LayerProblem Problem { get; init; }

    /// <summary>Projected queries, [batch, queries, hidden].</summary>
    public required Rows Queries { get; init; }

    /// <summary>Projected rows.</summary>
    public required AlignmentKeys Keys { get; init; }

    /// <summary>Rows of the encoder, [batch, keys, width].</summary>
    public required Rows Encoder { get; init; }

    /// <summary>[batch, queries, width].</summary>
    public required Rows Output { get; init; }

    /// <inheritdoc/>
    public override int Items => Problem.Batch * Blocks;

    /// <inheritdoc/>
    public override long ThreadBytes =>
        sizeof(float) * (PanelProduct<TSet>.ScratchLength(BlockRows) + CacheLine.Floats + 2L * Keys.Stride + (long)BlockRows * Problem.Keys + CacheLine.Floats);

    private int Blocks => (Problem.Queries - 1) / MostRows + 1;

    private int BlockRows => Math.Min(MostRows, Problem.Queries);

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        (int batch, int block) = Math.DivRem(item, Blocks);
        int begin = block * MostRows, rows = Math.Min(MostRows, Problem.Queries - begin), keys = Problem.Keys, width = Problem.Width;
        float* panels = (float*)call.Own, row = CacheLine.Align(panels + PanelProduct<TSet>.ScratchLength(BlockRows)), weights = row + 2 * Keys.Stride;
        nint first = (nint)batch * Problem.Queries + begin;
        for (int query = 0; query < rows; query++)
        {
            float* own = weights + (nint)query * keys;
            Keys.Score<TSet>(call, batch, keys, Queries.Of(call) + (first + query) * Problem.Hidden, row, own);
            TSet.SoftmaxRow(new Span<float>(own, keys));
        }
        float* encoder = Encoder.Of(call) + (nint)batch * keys * width, output = Output.Of(call) + first * width;
        for (int column = 0; column < width; column += Panel.Columns)
        {
            int columns = Math.Min(Panel.Columns, width - column);
            PanelProduct<TSet>.Multiply(weights, rows, keys, encoder + column, Element.Float32, WeightOrder.InOut, width, columns, panels, second: false);
            float* sums = PanelProduct<TSet>.Sums(panels, rows, second: false);
            for (int query = 0; query < rows; query++, sums += Panel.Columns)
                new ReadOnlySpan<float>(sums, columns).CopyTo(new Span<float>(output + (nint)query * width + column, columns));
        }
    }
}

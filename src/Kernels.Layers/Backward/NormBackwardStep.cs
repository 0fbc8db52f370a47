using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>
/// The gradients of rows through a norm, and for each item, a few rows, the sums of its rows for gain and bias, so that rows are read once. A later step adds up the
/// items in their order.
/// </summary>
internal sealed unsafe class NormBackwardStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    // The sums of an item are written once for so many rows that are read.
    private const int RowsOfItem = 32;

    /// <summary>[rows, width].</summary>
    public required Rows X { get; init; }

    /// <summary>[width].</summary>
    public required Rows Gain { get; init; }

    /// <summary>The gradient of the output, [rows, width].</summary>
    public required Rows Gradient { get; init; }

    /// <summary>The gradient of x, [rows, width].</summary>
    public required Rows Output { get; init; }

    /// <summary>[items, width].</summary>
    public required Rows GainSums { get; init; }

    /// <summary>[items, width]; null without a bias.</summary>
    public required Rows? BiasSums { get; init; }

    /// <summary>Rows.</summary>
    public required int RowCount { get; init; }

    /// <summary>Numbers of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Kind and ε.</summary>
    public required NormBackward Norm { get; init; }

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Norms;

    /// <inheritdoc/>
    public override int Items => ItemsOf(RowCount);

    /// <summary>Items of some rows.</summary>
    public static int ItemsOf(int rows) => (rows - 1) / RowsOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        float* gainSums = GainSums.Of(call) + (nint)item * Width, biasSums = BiasSums is { } sums ? sums.Of(call) + (nint)item * Width : null;
        new Span<float>(gainSums, Width).Clear();
        if (biasSums != null)
            new Span<float>(biasSums, Width).Clear();
        for (int row = item * RowsOfItem; row < Math.Min(RowCount, (item + 1) * RowsOfItem); row++)
        {
            nint begin = (nint)row * Width;
            var gradients = new NormGradients
            {
                X = X.Of(call) + begin,
                Gain = Gain.Of(call),
                Gradient = Gradient.Of(call) + begin,
                Output = Output.Of(call) + begin,
                GainSums = gainSums,
                BiasSums = biasSums,
                Width = Width,
                RootMeanSquare = Norm.RootMeanSquare,
                Epsilon = (float)Norm.Epsilon,
            };
            TSet.Run(ref gradients);
        }
    }
}

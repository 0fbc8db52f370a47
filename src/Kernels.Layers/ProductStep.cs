using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// y = residual + activation(x·W + b), or the gated form with two matrices. An item is a block of rows times a panel of columns; panels of one block of rows
/// follow each other, so that x stays in cache.
/// </summary>
internal sealed unsafe class ProductStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <summary>[rows, depth].</summary>
    public required Rows X { get; init; }

    /// <summary>Rows of x.</summary>
    public required int RowCount { get; init; }

    /// <summary>Columns of x.</summary>
    public required int Depth { get; init; }

    /// <summary>W, [depth, width], in the format of its operand.</summary>
    public required Rows W { get; init; }

    /// <summary>Whether W is [width, depth], float32, and the product with its transpose.</summary>
    public bool Transposed { get; init; }

    /// <summary>[width]; null without.</summary>
    public Rows? Bias { get; init; }

    /// <summary>The second matrix of a gated network, whose operand is followed by its bias.</summary>
    public Rows? Gate { get; init; }

    /// <summary>Columns of W.</summary>
    public required int Width { get; init; }

    /// <summary>[rows, width].</summary>
    public required Rows Output { get; init; }

    /// <summary>[rows, width]; may be the output itself.</summary>
    public Rows? Residual { get; init; }

    /// <summary>The activation; null without.</summary>
    public Activation? Activation { get; init; }

    /// <inheritdoc/>
    public override LayerPart Part => Of;

    /// <summary>What it is part of.</summary>
    public LayerPart Of { get; init; } = LayerPart.Projections;

    /// <inheritdoc/>
    public override int Items => Blocks * Panels;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * (IsStreamed ? 2L * RowCount * StreamedProduct.Columns : PanelProduct<TSet>.ScratchLength(BlockRows));

    // What matters of a matrix that fits the cache is the register tile.
    private bool IsStreamed => !Transposed && RowCount <= StreamedProduct.MostRows && (long)Depth * Width * sizeof(float) > CacheSize.SecondLevel;

    private int PanelColumns => IsStreamed ? StreamedProduct.Columns : PanelProduct<TSet>.Columns;

    private int Panels => (Width - 1) / PanelColumns + 1;

    private int Blocks => (RowCount - 1) / PanelProduct<TSet>.MostRows + 1;

    // As equal as whole register tiles allow.
    private int BlockRows => ((RowCount - 1) / Blocks / TSet.TileRows + 1) * TSet.TileRows;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        (int block, int panel) = Math.DivRem(item, Panels);
        int begin = block * BlockRows, rows = Math.Min(BlockRows, RowCount - begin), column = panel * PanelColumns;
        if (rows <= 0)
            return;
        int columns = Math.Min(PanelColumns, Width - column);
        float* x = X.Of(call) + (nint)begin * Depth, scratch = (float*)call.Own;
        Multiply(call, W, x, rows, column, columns, scratch, second: false);
        if (Gate is { } gate)
            Multiply(call, gate, x, rows, column, columns, scratch, second: true);
        nint output = (nint)begin * Width + column;
        var end = new Epilogue
        {
            Sums = Sums(scratch, rows, second: false),
            Gates = Gate is null ? null : Sums(scratch, rows, second: true),
            Stride = PanelColumns,
            Bias = Bias is { } bias ? bias.Of(call) + column : null,
            GateBias = Gate is { } matrix ? new Rows(matrix.Place + 1).Of(call) + column : null,
            Residual = Residual is { } residual ? residual.Of(call) + output : null,
            Output = Output.Of(call) + output,
            OutputStride = Width,
            Rows = rows,
            Columns = columns,
            Activation = Activation,
        };
        TSet.Run(ref end);
    }

    private float* Sums(float* scratch, int rows, bool second) => IsStreamed
        ? scratch + (second ? RowCount * StreamedProduct.Columns : 0)
        : PanelProduct<TSet>.Sums(scratch, rows, second);

    private void Multiply(in Call call, Rows matrix, float* x, int rows, int column, int columns, float* scratch, bool second)
    {
        Element element = matrix.Place < 0 ? Element.Float32 : call[matrix.Place].Operand.Element;
        byte* w = (byte*)matrix.Of(call) + (nint)column * (Transposed ? Depth : 1) * element.Size();
        if (IsStreamed)
        {
            var product = new StreamedProduct
            {
                X = x,
                Rows = rows,
                Depth = Depth,
                W = w,
                Element = element,
                Width = Width,
                Count = columns,
                Sums = Sums(scratch, rows, second),
            };
            TSet.Run(ref product);
            return;
        }
        PanelProduct<TSet>.Multiply(x, rows, Depth, w, element, Transposed ? Depth : Width, columns, scratch, second, Transposed);
    }
}

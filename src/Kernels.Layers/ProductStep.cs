using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// y = residual + activation(x·W + b), or of x·Wᵀ + b, or the gated form with two matrices. An item is a block of rows times a panel of columns; panels of
/// one block of rows follow each other, so that x stays in cache.
/// </summary>
internal sealed unsafe class ProductStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    // Two pages of each row of W, and 8 KB of sums a row: with fewer, prefetchers of the hardware stop too often. Where W is [width, depth] these are whole
    // rows of it, few enough that threads end together.
    private const int StreamedColumns = 2048, StreamedRows = 64;

    /// <summary>[rows, depth].</summary>
    public required Rows X { get; init; }

    /// <summary>Rows of x.</summary>
    public required int RowCount { get; init; }

    /// <summary>Columns of x.</summary>
    public required int Depth { get; init; }

    /// <summary>W, [depth, width] in float32, or [width, depth] in the format of its operand.</summary>
    public required Rows W { get; init; }

    /// <summary>The order of W and the gate.</summary>
    public WeightOrder Order { get; init; }

    /// <summary>[width]; null without.</summary>
    public Rows? Bias { get; init; }

    /// <summary>The second matrix of a gated network, whose operand is followed by its bias.</summary>
    public Rows? Gate { get; init; }

    /// <summary>Columns of y.</summary>
    public required int Width { get; init; }

    /// <summary>[rows, width].</summary>
    public required Rows Output { get; init; }

    /// <summary>[rows, width]; may be the output itself.</summary>
    public Rows? Residual { get; init; }

    /// <summary>The activation; null without.</summary>
    public Activation? Activation { get; init; }

    // Whether reading W bounds it: from memory, or from any cache where panels would be transposed first.
    private bool IsStreamed => RowCount <= StreamedOperands.MostRows(Order)
        && (Order == WeightOrder.OutIn || (long)Depth * Width * sizeof(float) > CacheSize.SecondLevel);

    /// <inheritdoc/>
    public override LayerPart Part { get; init; } = LayerPart.Projections;

    /// <inheritdoc/>
    public override int Items => Blocks * Panels;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * (IsStreamed ? 2L * RowCount * PanelColumns : PanelProduct<TSet>.ScratchLength(BlockRows));

    private int PanelColumns => !IsStreamed ? Panel.Columns : Order == WeightOrder.OutIn ? StreamedRows : StreamedColumns;

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
        End(call, Sums(scratch, rows, second: false), Gate is null ? null : Sums(scratch, rows, second: true), PanelColumns, begin, rows, column, columns);
    }

    /// <summary>Writes a block of the output from its sums, whose rows are <paramref name="stride"/> floats apart.</summary>
    public void End(in Call call, float* sums, float* gates, nint stride, int begin, int rows, int column, int columns)
    {
        nint output = (nint)begin * Width + column;
        var end = new Epilogue
        {
            Sums = sums,
            Gates = gates,
            Stride = stride,
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
        ? scratch + (second ? RowCount * PanelColumns : 0)
        : PanelProduct<TSet>.Sums(scratch, rows, second);

    private void Multiply(in Call call, Rows matrix, float* x, int rows, int column, int columns, float* scratch, bool second)
    {
        Element element = matrix.Place < 0 ? Element.Float32 : call[matrix.Place].Operand.Element;
        byte* w = (byte*)matrix.Of(call) + (nint)column * (Order == WeightOrder.OutIn ? Depth : 1) * element.Size();
        float* sums = Sums(scratch, rows, second);
        if (!IsStreamed)
        {
            PanelProduct<TSet>.Multiply(x, rows, Depth, w, element, Order, Width, columns, scratch, second);
            return;
        }
        var operands = new StreamedOperands
        {
            X = x,
            XRow = Depth,
            Rows = rows,
            Depth = Depth,
            W = w,
            Width = Width,
            Count = columns,
            Sums = sums,
            SumsRow = PanelColumns,
        };
        if (Order == WeightOrder.InOut)
            Run(new SideBySideProduct { Operands = operands });
        else if (element == Element.BFloat16)
            Dots<StoredBFloat16>(operands);
        else
            Dots<StoredFloat32>(operands);
    }

    private static void Dots<TElement>(StreamedOperands operands)
        where TElement : unmanaged, IStored<TElement>
    {
        if (operands.Rows == 1)
            Run(new DotProducts<TElement> { Operands = operands });
        else
            Run(new DotTiles<TElement> { Operands = operands });
    }

    private static void Run<TKernel>(TKernel kernel)
        where TKernel : struct, IVectorKernel =>
        TSet.Run(ref kernel);
}

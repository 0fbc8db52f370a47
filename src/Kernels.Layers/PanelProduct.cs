using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// A block of rows times a panel of columns of a matrix, for products whose matrix does not fit the cache. The panel is copied, and widened, 240 rows
/// at a time into the second-level cache, where register tiles of all rows of the block read it (Goto and van de Geijn 2008, section 4); rows of x are
/// read in place.
/// </summary>
internal static unsafe class PanelProduct<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>
    /// The most rows of a block, whole register tiles: a copy of the panel is 1/258 of the reads of its products, and 258 rows of 768 numbers stay in
    /// a second-level cache of 1 MiB from panel to panel.
    /// </summary>
    public const int MostRows = 258;

    // Rows of the panel in cache: 61 KB, as a block of values of FlashAttention is.
    private const int Steps = 240;

    // On Zen 5 reading in place won up to 64 rows and drew from 96 to 512; with fewer pages in the TLB it loses earlier.
    private const int MostRowsInPlace = 96;

    // Rows of W that are transposed together.
    private const int RowsAtOnce = 8;

    /// <summary>Floats that a thread needs.</summary>
    public static long ScratchLength(int rows) =>
        CacheLine.Floats + (long)Steps * Panel.Columns + 2L * PanelTiles<TSet>.Whole(Math.Min(rows, MostRows)) * Panel.Columns
        + Math.Max(TSet.TileRows, RowsAtOnce) * Steps;

    /// <summary>
    /// Where the sums of a product are in scratch, [rows, <see cref="Panel.Columns"/>]; of the second one of a gated network behind the first.
    /// </summary>
    public static float* Sums(float* scratch, int rows, bool second) =>
        CacheLine.Align(scratch) + Steps * Panel.Columns + (second ? PanelTiles<TSet>.Whole(rows) * Panel.Columns : 0);

    /// <summary>sums = x·w.</summary>
    /// <param name="x">[rows, depth], rows <paramref name="depth"/> apart.</param>
    /// <param name="rows">Rows, at most <see cref="MostRows"/>.</param>
    /// <param name="depth">Columns of x.</param>
    /// <param name="w">float32 [depth, width], from the first column of the panel, or [width, depth], from the row that is this column.</param>
    /// <param name="element">Format of w.</param>
    /// <param name="order">Of w; [width, depth] is transposed, and widened, as it is copied.</param>
    /// <param name="width">Columns of the whole product.</param>
    /// <param name="columns">Columns of the panel.</param>
    /// <param name="scratch">See <see cref="ScratchLength"/>.</param>
    /// <param name="second">Which sums.</param>
    public static void Multiply(
        float* x, int rows, int depth, void* w, Element element, WeightOrder order, int width, int columns, float* scratch, bool second)
    {
        bool transposed = order == WeightOrder.OutIn;
        float* panel = CacheLine.Align(scratch), sums = Sums(scratch, rows, second);
        float* lastRows = Sums(scratch, rows, true) + PanelTiles<TSet>.Whole(rows) * Panel.Columns;
        int vectors = PanelTiles<TSet>.Vectors(columns), wholeTiles = rows / TSet.TileRows, rest = rows - wholeTiles * TSet.TileRows;
        // Few rows read the panel too seldom to pay for a copy.
        bool inPlace = !transposed && rows <= MostRowsInPlace && columns % TSet.Width == 0;
        for (int begin = 0; begin < depth; begin += Steps)
        {
            int steps = Math.Min(Steps, depth - begin);
            float* right = inPlace ? (float*)w + (nint)begin * width : panel;
            nint rightStep = inPlace ? width : Panel.Columns;
            if (transposed)
                PackTransposed((byte*)w + begin * element.Size(), element, depth, steps, columns, vectors * TSet.Width, panel, lastRows);
            else if (!inPlace)
                Pack((float*)w + (nint)begin * width, width, steps, columns, vectors * TSet.Width, panel);
            // Behind the last block of this panel comes the first of the next. What is transposed is fetched as it is copied.
            float* next = (float*)w + (begin + steps < depth ? (begin + steps) * (nint)width : columns);
            int lines = (columns - 1) / CacheLine.Floats + 1, ahead = transposed ? 0 : Math.Min(lines, wholeTiles);
            nint tileRows = TSet.TileRows * (nint)depth, tileSums = TSet.TileRows * Panel.Columns;
            for (int tile = 0; tile < ahead; tile++)
            {
                PanelTiles<TSet>.Multiply(
                    x + begin + tile * tileRows, depth, 1, steps, vectors, right, rightStep, sums + tile * tileSums, begin > 0,
                    next + tile * CacheLine.Floats, width);
            }
            PanelTiles<TSet>.Multiply(
                x + begin + ahead * tileRows, depth, wholeTiles - ahead, steps, vectors, right, rightStep, sums + ahead * tileSums, begin > 0);
            if (rest == 0)
                continue;
            float* source = x + (nint)wholeTiles * TSet.TileRows * depth + begin;
            for (int row = 0; row < TSet.TileRows; row++)
                new ReadOnlySpan<float>(source + (nint)Math.Min(row, rest - 1) * depth, steps).CopyTo(new Span<float>(lastRows + row * Steps, steps));
            PanelTiles<TSet>.Multiply(lastRows, Steps, 1, steps, vectors, right, rightStep, sums + wholeTiles * tileSums, begin > 0);
        }
    }

    private static void Pack(float* w, nint width, int steps, int columns, int padded, float* panel)
    {
        for (int step = 0; step < steps; step++, panel += Panel.Columns, w += width)
        {
            new ReadOnlySpan<float>(w, columns).CopyTo(new Span<float>(panel, columns));
            if (columns < padded)
                new Span<float>(panel + columns, padded - columns).Clear();
        }
    }

    // Lanes behind the last column repeat it; the eight rows that follow are fetched meanwhile. The strip has rows that are widened, [8, steps].
    private static void PackTransposed(byte* w, Element element, int depth, int steps, int columns, int padded, float* panel, float* strip)
    {
        float** rows = stackalloc float*[RowsAtOnce];
        nint stride = (nint)depth * element.Size();
        for (int column = 0; column < padded; column += RowsAtOnce)
        {
            for (int i = 0; i < RowsAtOnce; i++)
            {
                byte* row = w + Math.Min(column + i, columns - 1) * stride;
                Prefetch.Floats((float*)(row + RowsAtOnce * stride), steps * element.Size() / sizeof(float));
                rows[i] = element == Element.Float32 ? (float*)row : strip + i * Steps;
                if (element != Element.Float32)
                    TSet.Widen((ushort*)row, rows[i], steps);
            }
            Transpose.EightRows(rows, steps, panel + column, Panel.Columns);
        }
    }
}

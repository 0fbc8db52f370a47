using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Layers;

/// <summary>Some columns of a matrix, [depth, <see cref="Columns"/>] where they are copied.</summary>
internal static class Panel
{
    /// <summary>Columns: the widest register tile.</summary>
    public const int Columns = 64;

    /// <summary>Panels of a width.</summary>
    public static int Count(int width) => (width - 1) / Columns + 1;
}

/// <summary>Register tiles of rows times a panel.</summary>
internal static unsafe class PanelTiles<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>The rows of whole tiles, up to which what tiles read and write must be there.</summary>
    public static int Whole(int rows) => (rows + TSet.TileRows - 1) / TSet.TileRows * TSet.TileRows;

    /// <summary>Vectors of some columns.</summary>
    public static int Vectors(int columns) => (columns + TSet.Width - 1) / TSet.Width;

    /// <summary>sums (+)= x · panel.</summary>
    /// <param name="x">[tiles · rows of a tile, steps].</param>
    /// <param name="rowStride">Floats from one row of x to the next.</param>
    /// <param name="tiles">Register tiles, one below the other.</param>
    /// <param name="steps">Rows of the panel.</param>
    /// <param name="vectors">Of columns.</param>
    /// <param name="panel">[steps, columns].</param>
    /// <param name="panelStride">Floats from one row of the panel to the next.</param>
    /// <param name="sums">[rows, <see cref="Panel.Columns"/>].</param>
    /// <param name="accumulate">Whether the product is added to the sums.</param>
    /// <param name="ahead">What is fetched meanwhile; null for nothing.</param>
    /// <param name="aheadStep">Floats from one step to the next there.</param>
    public static void Multiply(
        float* x, nint rowStride, int tiles, int steps, int vectors, float* panel, nint panelStride, float* sums, bool accumulate,
        float* ahead = null, nint aheadStep = 0)
    {
        for (int first = 0, count; first < vectors && tiles > 0; first += count)
        {
            count = Math.Min(TSet.TileVectors, vectors - first);
            TSet.MultiplyTile(count, new TileProduct
            {
                Left = x,
                LeftRow = rowStride,
                LeftStep = 1,
                LeftTile = TSet.TileRows * rowStride,
                Right = panel + first * TSet.Width,
                RightStep = panelStride,
                Result = sums + first * TSet.Width,
                ResultRow = Panel.Columns,
                ResultTile = TSet.TileRows * Panel.Columns,
                Steps = steps,
                Tiles = tiles,
                Ahead = first == 0 ? ahead : null,
                AheadStep = aheadStep,
                Accumulate = accumulate,
            });
        }
    }
}

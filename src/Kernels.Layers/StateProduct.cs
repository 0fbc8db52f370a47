using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Tiles;

namespace Kernels.Layers;

/// <summary>The product of the states of some sequences, which are rows, with a panel of <see cref="PackedMatrix"/>.</summary>
internal static unsafe class StateProduct<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>Rows up to which states and sums must be readable and writable.</summary>
    public static int Whole(int rows) => (rows + TSet.TileRows - 1) / TSet.TileRows * TSet.TileRows;

    /// <summary>sums (+)= states · panel.</summary>
    /// <param name="states">[rows, depth], padded to <see cref="Whole"/> rows.</param>
    /// <param name="stride">Floats from one row of states to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">Rows of the panel.</param>
    /// <param name="panel">[depth, <see cref="PackedMatrix.Columns"/>].</param>
    /// <param name="columns">Columns that are needed; whole vectors are computed.</param>
    /// <param name="sums">[rows, <see cref="PackedMatrix.Columns"/>], padded likewise.</param>
    /// <param name="accumulate">Whether the product is added to the sums.</param>
    public static void Multiply(float* states, nint stride, int rows, int depth, float* panel, int columns, float* sums, bool accumulate)
    {
        int vectors = (columns + TSet.Width - 1) / TSet.Width, tiles = rows / TSet.TileRows, rest = rows - tiles * TSet.TileRows;
        if (rest > FewRows.Most)
            (tiles, rest) = (tiles + 1, 0);
        for (int first = 0, count; first < vectors && tiles > 0; first += count)
        {
            count = Math.Min(TSet.TileVectors, vectors - first);
            TSet.MultiplyTile(count, new TileProduct
            {
                Left = states,
                LeftRow = stride,
                LeftStep = 1,
                LeftTile = TSet.TileRows * stride,
                Right = panel + first * TSet.Width,
                RightStep = PackedMatrix.Columns,
                Result = sums + first * TSet.Width,
                ResultRow = PackedMatrix.Columns,
                ResultTile = TSet.TileRows * PackedMatrix.Columns,
                Steps = depth,
                Tiles = tiles,
                Accumulate = accumulate,
            });
        }
        if (rest == 0)
            return;
        int done = tiles * TSet.TileRows;
        var few = new FewRows
        {
            Left = states + done * stride,
            LeftRow = stride,
            Rows = rest,
            Right = panel,
            RightStep = PackedMatrix.Columns,
            Steps = depth,
            Vectors = vectors,
            Result = sums + (nint)done * PackedMatrix.Columns,
            ResultRow = PackedMatrix.Columns,
            Accumulate = accumulate,
        };
        TSet.Run(ref few);
    }
}

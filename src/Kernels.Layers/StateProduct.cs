using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The product of the states of some sequences, which are rows, with a panel of <see cref="PackedMatrix"/>.</summary>
internal static unsafe class StateProduct<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>sums (+)= states · panel.</summary>
    /// <param name="states">[rows, depth], padded to <see cref="PanelTiles{TSet}.Whole"/> rows.</param>
    /// <param name="stride">Floats from one row of states to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="depth">Rows of the panel.</param>
    /// <param name="panel">[depth, <see cref="Panel.Columns"/>].</param>
    /// <param name="columns">Columns that are needed; whole vectors are computed.</param>
    /// <param name="sums">[rows, <see cref="Panel.Columns"/>], padded likewise.</param>
    /// <param name="accumulate">Whether the product is added to the sums.</param>
    public static void Multiply(float* states, nint stride, int rows, int depth, float* panel, int columns, float* sums, bool accumulate)
    {
        int vectors = PanelTiles<TSet>.Vectors(columns), tiles = rows / TSet.TileRows, rest = rows - tiles * TSet.TileRows;
        if (rest > FewRows.Most)
            (tiles, rest) = (tiles + 1, 0);
        PanelTiles<TSet>.Multiply(states, stride, tiles, depth, vectors, panel, Panel.Columns, sums, accumulate);
        if (rest == 0)
            return;
        int done = tiles * TSet.TileRows;
        var few = new FewRows
        {
            Left = states + done * stride,
            LeftRow = stride,
            Rows = rest,
            Right = panel,
            RightStep = Panel.Columns,
            Steps = depth,
            Vectors = vectors,
            Result = sums + (nint)done * Panel.Columns,
            ResultRow = Panel.Columns,
            Accumulate = accumulate,
        };
        TSet.Run(ref few);
    }
}

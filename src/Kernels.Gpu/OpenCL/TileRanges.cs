using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// For each tile of queries the keys that some query of it sees, which the kernel visits, and those that all of them see, which need no
/// masking. Uploaded when the problem changes.
/// </summary>
internal sealed unsafe class TileRanges(OpenClSession session)
{
    private AttentionProblem? uploaded;
    private int tileRows;
    private TileRange[] ranges = [];

    /// <summary>[tiles] begin and end of the keys seen by any, then by all.</summary>
    public DeviceBuffer Buffer { get; } = new(session);

    /// <summary>Tiles of queries.</summary>
    public int Count { get; private set; }

    public void Upload(AttentionProblem problem, int rows)
    {
        if (problem == uploaded && rows == tileRows)
            return;
        uploaded = null;
        Count = MaskRanges.Tiles(problem, rows);
        if (ranges.Length < Count)
            ranges = new TileRange[Count];
        MaskRanges.OfTiles(problem, rows, ranges);
        fixed (TileRange* data = ranges)
        {
            Buffer.Write(data, sizeof(TileRange) * (long)Count);
            session.Finish();
        }
        (uploaded, tileRows) = (problem, rows);
    }
}

using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// For each tile of queries the keys that some query of it sees, which the kernel visits, and those that all of them see, which need no
/// masking. Uploaded when the problem changes.
/// </summary>
internal sealed unsafe class TileRanges(OpenClSession session)
{
    private AttentionProblem? uploaded;
    private int tileRows;
    private (KeyRange Any, KeyRange All)[] ranges = [];

    /// <summary>[tiles] begin and end of the keys seen by any, then by all.</summary>
    public DeviceBuffer Buffer { get; } = new(session);

    /// <summary>Tiles of queries.</summary>
    public int Count { get; private set; }

    public void Upload(AttentionProblem problem, int rows)
    {
        if (problem == uploaded && rows == tileRows)
            return;
        uploaded = null;
        Count = (problem.Queries + rows - 1) / rows;
        if (ranges.Length < Count)
            ranges = new (KeyRange, KeyRange)[Count];
        for (int tile = 0; tile < Count; tile++)
        {
            (int begin, int end) = (tile * rows, Math.Min((tile + 1) * rows, problem.Queries));
            KeyRange any = problem.KeysSeenByAny(begin, end);
            ranges[tile] = (any.IsEmpty ? default : any, problem.KeysSeenByAll(begin, end));
        }
        fixed ((KeyRange, KeyRange)* data = ranges)
        {
            Buffer.Write(data, sizeof((KeyRange, KeyRange)) * (long)Count);
            session.Finish();
        }
        (uploaded, tileRows) = (problem, rows);
    }
}

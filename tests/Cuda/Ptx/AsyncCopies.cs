namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The asynchronous copies of the lanes of one warp. What they copy arrives when it is waited for, not before.</summary>
internal sealed class AsyncCopies(SharedMemory shared)
{
    /// <summary>One copy: where to, and what.</summary>
    private readonly record struct Copy(ulong Target, byte[] Bytes);

    private readonly List<Copy>[] open = [.. Enumerable.Range(0, Warp.Lanes).Select(_ => new List<Copy>())];
    private readonly Queue<List<Copy>>[] groups = [.. Enumerable.Range(0, Warp.Lanes).Select(_ => new Queue<List<Copy>>())];

    public void Start(int line, int thread, int lane, ulong target, byte[] bytes)
    {
        shared.BeginCopy(line, thread, target, bytes.Length);
        open[lane].Add(new(target, bytes));
    }

    /// <summary>Makes a group of what was started since the last call, perhaps of nothing.</summary>
    public void Commit(int lane)
    {
        groups[lane].Enqueue(open[lane]);
        open[lane] = [];
    }

    /// <summary>Waits for all groups but the latest <paramref name="pending"/>.</summary>
    public void Wait(int line, int thread, int lane, int pending)
    {
        while (groups[lane].Count > pending)
        {
            foreach (Copy copy in groups[lane].Dequeue())
                shared.EndCopy(line, thread, copy.Target, copy.Bytes);
        }
    }

    /// <summary>A thread that ends must have waited for its copies: nobody else can.</summary>
    public void RequireNone(PtxStatement statement, uint lanes)
    {
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) != 0 && (open[lane].Count > 0 || groups[lane].Any(group => group.Count > 0)))
                throw new PtxException(PtxComplaint.InFlight, statement.Line, $"lane {lane} ends before its asynchronous copies");
        }
    }
}

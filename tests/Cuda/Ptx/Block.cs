namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The warps of one block, which meet at barriers.</summary>
internal sealed class Block(PtxEntry entry, SharedMemory shared, Warp[] warps)
{
    /// <summary>Executes the block; each warp may execute <paramref name="limit"/> instructions.</summary>
    public void Run(long limit)
    {
        while (true)
        {
            foreach (Warp warp in warps)
            {
                if (!warp.Ended)
                    warp.Run(limit);
            }
            if (warps.All(warp => warp.Ended))
                return;
            RequireTogether();
            shared.PassBarrier();
            foreach (Warp warp in warps)
                warp.PassBarrier();
        }
    }

    // Devices count arrivals and do not look where from; but warps at different barriers mean that one of them misses some.
    private void RequireTogether()
    {
        Warp waiting = warps.First(warp => !warp.Ended);
        PtxStatement barrier = entry.Statements[waiting.Barrier];
        if (warps.Any(warp => warp.Ended))
            throw new PtxException(PtxComplaint.Divergent, barrier.Line, "a barrier that some warps never come to");
        if (warps.FirstOrDefault(warp => warp.Barrier != waiting.Barrier) is { } other)
        {
            int otherLine = entry.Statements[other.Barrier].Line;
            throw new PtxException(PtxComplaint.Divergent, barrier.Line, $"another warp waits at the barrier of line {otherLine}");
        }
    }
}

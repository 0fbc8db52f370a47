namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// cp.async: <paramref name="bytes"/> from global to shared memory, of which only the first <paramref name="size"/> are read, the others zero.
/// </summary>
internal sealed class CopyInstruction(PtxStatement statement, int bytes, Address target, Address source, Operand size) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        ReadOnlySpan<ulong> sizes = size.Values(warp);
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            uint read = (uint)sizes[lane];
            if (read != 0 && read != (uint)bytes)
                throw Complain(PtxComplaint.Unknown, $"{read} of {bytes} bytes; all or none is what kernels here copy");
            ulong from = source.Of(warp, lane);
            byte[] copied = new byte[bytes];
            if (read > 0)
                warp.Global.Read(Statement.Line, warp.GridThread(lane), from, bytes).CopyTo(copied);
            else if (from % (uint)bytes != 0)
                throw Complain(PtxComplaint.Misaligned, $"source 0x{from:x}");
            warp.Copies.Start(Statement.Line, warp.Thread(lane), lane, (uint)target.Of(warp, lane), copied);
        }
    }

    /// <summary>The bytes that it writes, counted when it is issued, and those that it reads, in lanes whose size is not 0.</summary>
    public override IEnumerable<MemoryAccess> Accesses(Warp warp, uint lanes)
    {
        uint reading = 0;
        for (int lane = 0; lane < Warp.Lanes; lane++)
            reading |= (size.Values(warp)[lane] != 0 ? 1u : 0) << lane;
        return [.. MemoryAccess.Of(Space.Shared, warp, lanes, target, bytes), .. MemoryAccess.Of(Space.Global, warp, lanes & reading, source, bytes)];
    }
}

/// <summary>cp.async.commit_group.</summary>
internal sealed class CommitInstruction(PtxStatement statement) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) != 0)
                warp.Copies.Commit(lane);
        }
    }
}

/// <summary>cp.async.wait_group.</summary>
internal sealed class WaitInstruction(PtxStatement statement, int pending) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) != 0)
                warp.Copies.Wait(Statement.Line, warp.Thread(lane), lane, pending);
        }
    }
}

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>wgmma.mma_async.sync.aligned.m64nNk16: starts a product of four warps.</summary>
/// <param name="statement">The statement.</param>
/// <param name="format">Of both factors.</param>
/// <param name="sums">N / 2 registers.</param>
/// <param name="leftRegisters">Four registers, or none where the left factor is in shared memory.</param>
/// <param name="left">Its descriptor there.</param>
/// <param name="right">The descriptor of the right factor.</param>
/// <param name="transposed">Whether that has its columns next to each other.</param>
/// <param name="adds">The predicate that says whether the product is added to the sums.</param>
internal sealed class WarpgroupProductInstruction(
    PtxStatement statement, HalfFormat format, int[] sums, int[] leftRegisters, Operand? left, Operand right, bool transposed, int adds)
    : Instruction(statement)
{
    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes)
    {
        ulong? leftBits = left is null ? null : Same(left.Values(warp), "descriptor");
        warp.Products.Start(new(Statement.Line, leftBits, Same(right.Values(warp), "descriptor"), transposed, sums.Length * 2)
        {
            Format = format,
            Adds = Same(warp.Register(adds), "predicate") != 0,
            Sums = sums,
            LeftRegisters = leftRegisters,
        });
    }

    private ulong Same(ReadOnlySpan<ulong> lanes, string what) => lanes.ContainsAnyExcept(lanes[0])
        ? throw Complain(PtxComplaint.Undefined, $"lanes give different values of a {what}")
        : lanes[0];
}

/// <summary>wgmma.fence: orders what comes next after what was done to registers.</summary>
internal sealed class WarpgroupFenceInstruction(PtxStatement statement) : Instruction(statement)
{
    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes) => warp.Products.Fence();
}

/// <summary>wgmma.commit_group.</summary>
internal sealed class WarpgroupCommitInstruction(PtxStatement statement) : Instruction(statement)
{
    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes) => warp.Products.Commit();
}

/// <summary>wgmma.wait_group.</summary>
internal sealed class WarpgroupWaitInstruction(PtxStatement statement, int pending) : Instruction(statement)
{
    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;

    public override void Execute(Warp warp, uint lanes) => warp.Products.Wait(warp, pending);
}

/// <summary>fence.proxy.async.shared::cta: tensor cores see what these threads wrote to shared memory, after a barrier.</summary>
internal sealed class ProxyFenceInstruction(PtxStatement statement) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) != 0)
                warp.Shared.Show(warp.Thread(lane));
        }
    }
}

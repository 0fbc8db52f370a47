namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Continues elsewhere; the warp does it, since it concerns where lanes are.</summary>
internal sealed class BranchInstruction(PtxStatement statement, int target) : Instruction(statement)
{
    public int Target { get; } = target;

    public override void Execute(Warp warp, uint lanes)
    {
    }
}

/// <summary>Ends the lanes; the warp does it.</summary>
internal sealed class ReturnInstruction(PtxStatement statement) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        warp.Copies.RequireNone(Statement, lanes);
        warp.Products.RequireNone(Statement);
    }
}

/// <summary>bar.warp.sync of all lanes.</summary>
internal sealed class LaneBarrierInstruction(PtxStatement statement) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes) => warp.MeetLanes();

    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;
}

/// <summary>
/// The barrier of the block; the block does it, once all warps have come. All lanes of a warp must be there together, and none may be gone.
/// </summary>
internal sealed class BarrierInstruction(PtxStatement statement) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
    }

    public override uint LanesToMeet(Warp warp, uint lanes) => Warp.AllLanes;
}

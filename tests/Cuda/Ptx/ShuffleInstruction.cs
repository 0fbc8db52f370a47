namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// shfl.sync.bfly.b32 d, a, b, c, members: a lane gets `a` of the lane whose number differs in the bits b, unless that is outside its segment.
/// </summary>
internal sealed class ShuffleInstruction(
    PtxStatement statement, int target, Operand value, Operand distance, Operand segment, Operand members) : Instruction(statement)
{
    public override uint LanesToMeet(Warp warp, uint lanes)
    {
        ReadOnlySpan<ulong> masks = members.Values(warp);
        uint named = (uint)masks[int.CreateTruncating(uint.TrailingZeroCount(lanes))];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            if ((uint)masks[lane] != named)
                throw Complain(PtxComplaint.Divergent, "lanes name different members");
            if ((named >> lane & 1) == 0)
                throw Complain(PtxComplaint.Undefined, $"lane {lane} is not among the members 0x{named:x} that it names");
        }
        return named;
    }

    public override void Execute(Warp warp, uint lanes)
    {
        ReadOnlySpan<ulong> distances = distance.Values(warp), segments = segment.Values(warp);
        ulong[] before = value.Values(warp).ToArray();
        Span<ulong> result = warp.Register(target);
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            int clamp = (int)segments[lane] & 31, fixedBits = (int)(segments[lane] >> 8) & 31;
            int last = (lane & fixedBits) | (clamp & ~fixedBits);
            int source = lane ^ ((int)distances[lane] & 31);
            source = source <= last ? source : lane;
            if ((lanes >> source & 1) == 0)
                throw Complain(PtxComplaint.Undefined, $"lane {lane} reads from lane {source}, which takes no part");
            result[lane] = before[source];
        }
    }
}

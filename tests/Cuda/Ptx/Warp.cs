using System.Numerics;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// 32 threads. Lanes that diverge go on as groups of their own, those furthest behind first, and join where they meet again. An instruction
/// of the whole warp waits until all lanes that it names are there.
/// </summary>
internal sealed class Warp
{
    public const int Lanes = 32;
    public const uint AllLanes = uint.MaxValue;

    private readonly PtxEntry entry;
    private readonly ulong[] registers;
    private readonly ulong[][] specials;
    private readonly int firstThread;
    private readonly long firstGridThread;
    private int meetings;
    private readonly List<LaneGroup> groups = [new(0, AllLanes, false)];

    public Warp(PtxEntry entry, int firstThread, long firstGridThread, ulong[][] specials)
    {
        this.entry = entry;
        this.firstThread = firstThread;
        this.firstGridThread = firstGridThread;
        this.specials = specials;
        registers = new ulong[entry.RegisterCount * Lanes];
        // What is used before it is set is NaN, or an address that nothing has.
        Array.Fill(registers, ulong.MaxValue);
    }

    public required GlobalMemory Global { get; init; }

    public required SharedMemory Shared { get; init; }

    public required ParameterMemory Parameters { get; init; }

    public required AsyncCopies Copies { get; init; }

    public required AsyncProducts Products { get; init; }

    /// <summary>What is counted; null for nothing.</summary>
    public LaunchCounts? Counts { get; init; }

    public bool Ended => groups.Count == 0;

    /// <summary>The barrier at which the whole warp stands, once it can do nothing else.</summary>
    public int Barrier => groups[0].At;

    /// <summary>Instructions executed, each counted once for the warp.</summary>
    public long Executed { get; private set; }

    public Span<ulong> Register(int index) => registers.AsSpan(index * Lanes, Lanes);

    public ReadOnlySpan<ulong> Special(SpecialRegister special) => specials[(int)special];

    /// <summary>The number of a lane's thread in its block.</summary>
    public int Thread(int lane) => firstThread + lane;

    /// <summary>A lane's thread in the grid.</summary>
    public GridThread GridThread(int lane) => new(firstGridThread + lane, firstGridThread - firstThread, meetings + Shared.Barriers, Shared.Barriers);

    /// <summary>All lanes have met: what each did before is seen by the others.</summary>
    public void MeetLanes() => meetings++;

    /// <summary>Goes on until all lanes have ended or stand at a barrier of the block.</summary>
    public void Run(long limit)
    {
        while (Next() is var next && next >= 0)
        {
            if (++Executed > limit)
                throw new PtxException(PtxComplaint.Endless, Statement(groups[next].At).Line, $"more than {limit} instructions");
            Step(next);
        }
        if (!Ended && (groups[0].Lanes != AllLanes || entry.Instructions[Barrier] is not BarrierInstruction))
            throw Stuck();
    }

    /// <summary>All warps have come to the barrier.</summary>
    public void PassBarrier() => groups[0] = new(groups[0].At + 1, groups[0].Lanes, false);

    /// <summary>The group furthest behind of those that can go on; −1 when none can.</summary>
    private int Next()
    {
        int next = -1;
        for (int i = 0; i < groups.Count; i++)
        {
            if (!groups[i].Waits && (next < 0 || groups[i].At < groups[next].At))
                next = i;
        }
        return next;
    }

    private void Step(int index)
    {
        LaneGroup group = groups[index];
        groups.RemoveAt(index);
        Instruction instruction = entry.Instructions[group.At];
        Counts?.Issue(instruction.Statement);
        uint lanes = group.Lanes & Executing(instruction);
        Join(group.At + 1, group.Lanes & ~lanes);
        if (lanes == 0)
            return;
        if (entry.HasAsyncProducts && instruction is BranchInstruction or ReturnInstruction)
            Products.Touch(instruction);
        if (instruction is BranchInstruction branch)
            Join(branch.Target, lanes);
        else if (instruction is ReturnInstruction)
            instruction.Execute(this, lanes);
        else if (instruction.LanesToMeet(this, lanes) is not 0 and var meeting)
            Meet(group.At, lanes, meeting);
        else
        {
            Execute(instruction, lanes);
            Join(group.At + 1, lanes);
        }
    }

    private void Meet(int at, uint lanes, uint meeting)
    {
        int waiting = groups.FindIndex(group => group.At == at && group.Waits);
        if (waiting >= 0)
        {
            lanes |= groups[waiting].Lanes;
            groups.RemoveAt(waiting);
        }
        if (lanes != meeting || entry.Instructions[at] is BarrierInstruction)
        {
            groups.Add(new(at, lanes, true));
            return;
        }
        Execute(entry.Instructions[at], lanes);
        Join(at + 1, lanes);
    }

    private void Execute(Instruction instruction, uint lanes)
    {
        Counts?.Execute(instruction, this, lanes);
        if (entry.HasAsyncProducts && instruction is not WarpgroupProductInstruction)
            Products.Touch(instruction);
        instruction.Execute(this, lanes);
    }

    private void Join(int at, uint lanes)
    {
        if (lanes == 0)
            return;
        int met = groups.FindIndex(group => group.At == at && !group.Waits);
        if (met < 0)
            groups.Add(new(at, lanes, false));
        else
            groups[met] = new(at, groups[met].Lanes | lanes, false);
    }

    private uint Executing(Instruction instruction)
    {
        if (instruction.Predicate < 0)
            return AllLanes;
        ReadOnlySpan<ulong> predicate = Register(instruction.Predicate);
        uint lanes = 0;
        for (int lane = 0; lane < Lanes; lane++)
            lanes |= (uint)(predicate[lane] & 1) << lane;
        return instruction.Statement.Negated ? ~lanes : lanes;
    }

    private PtxException Stuck()
    {
        uint gone = ~groups.Aggregate(0u, (lanes, group) => lanes | group.Lanes);
        string where = string.Join(", ", groups.Select(group => $"{BitOperations.PopCount(group.Lanes)} lanes at line {Statement(group.At).Line}"));
        PtxStatement first = Statement(groups[0].At);
        return new(
            PtxComplaint.Divergent, first.Line, $"{first.Opcode} waits for lanes that do not come: {where}, {BitOperations.PopCount(gone)} ended");
    }

    private PtxStatement Statement(int at) => entry.Statements[at];
}

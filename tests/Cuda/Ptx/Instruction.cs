namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// One instruction of an entry, executed for several lanes of a warp at once. It keeps nothing from one execution to the next: several launches
/// may run the same entry at the same time.
/// </summary>
internal abstract class Instruction(PtxStatement statement)
{
    public PtxStatement Statement { get; } = statement;

    /// <summary>The predicate register that decides which lanes execute it; −1 when all do.</summary>
    public int Predicate { get; set; } = -1;

    /// <summary>Every register that it names.</summary>
    public int[] Registers { get; set; } = [];

    public abstract void Execute(Warp warp, uint lanes);

    /// <summary>The lanes that must have met here before any of them goes on; 0 where each goes its own way.</summary>
    public virtual uint LanesToMeet(Warp warp, uint lanes) => 0;

    /// <summary>The accesses to shared and global memory that it is about to make, for those who count them.</summary>
    public virtual IEnumerable<MemoryAccess> Accesses(Warp warp, uint lanes) => [];

    protected PtxException Complain(PtxComplaint complaint, string message) =>
        new(complaint, Statement.Line, $"{Statement.Opcode}: {message}");
}

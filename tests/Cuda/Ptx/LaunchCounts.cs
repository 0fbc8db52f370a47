namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// Counts what the warps of a launch do, by line of the PTX, or of several launches of one module. What is counted does not depend on a
/// device, but on PTX: an assembler merges, moves and leaves out instructions; products, loads, stores, copies, exponentials, barriers and
/// waits stay as many.
/// </summary>
internal sealed class LaunchCounts
{
    private readonly SortedDictionary<int, LineCounts> lines = [];
    private readonly Dictionary<int, PtxStatement> statements = [];

    /// <summary>All lines together.</summary>
    public LineCounts All => Sum(_ => true);

    /// <summary>The lines that were come to, in order.</summary>
    public IEnumerable<(PtxStatement Statement, LineCounts Counts)> Lines => lines.Select(line => (statements[line.Key], line.Value));

    /// <summary>The lines of one kind.</summary>
    public LineCounts Of(InstructionKind kind) => Sum(statement => InstructionKinds.Of(statement.Opcode) == kind);

    /// <summary>The lines whose opcode begins so.</summary>
    public LineCounts Of(string opcode) => Sum(statement => statement.Opcode.StartsWith(opcode, StringComparison.Ordinal));

    /// <summary>Lanes of a warp come to an instruction.</summary>
    public void Issue(PtxStatement statement) => Add(statement, LineCounts.OneIssued);

    /// <summary>Lanes of a warp are about to execute an instruction.</summary>
    public void Execute(Instruction instruction, Warp warp, uint lanes)
    {
        foreach (MemoryAccess access in instruction.Accesses(warp, lanes))
            Add(instruction.Statement, LineCounts.Of(access));
    }

    private void Add(PtxStatement statement, LineCounts counts)
    {
        statements[statement.Line] = statement;
        lines[statement.Line] = lines.GetValueOrDefault(statement.Line) + counts;
    }

    private LineCounts Sum(Func<PtxStatement, bool> counted) =>
        Lines.Where(line => counted(line.Statement)).Aggregate(default(LineCounts), (sum, line) => sum + line.Counts);
}

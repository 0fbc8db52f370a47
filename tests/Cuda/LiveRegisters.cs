using System.Text.RegularExpressions;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>
/// Registers of 32 bits whose numbers are still needed, at the place of an entry with the most of them, in the order that PTX has the instructions in.
/// Assemblers order them otherwise, and take one register for an address of shared memory that has two here: this tells what is likely to fit, not what does.
/// </summary>
internal static partial class LiveRegisters
{
    private static readonly string[] withoutTarget = ["st.", "cp.", "bar.", "bra", "ret", "fence.", "wgmma.fence", "wgmma.commit", "wgmma.wait"];

    /// <summary>The most of an entry.</summary>
    public static int Most(PtxEntry entry)
    {
        int count = entry.Statements.Count;
        HashSet<string>[] written = [.. entry.Statements.Select(Written)], read = [.. entry.Statements.Select(Read)];
        var live = new HashSet<string>[count + 1];
        live[count] = [];
        for (int i = 0; i < count; i++)
            live[i] = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = count - 1; i >= 0; i--)
            {
                HashSet<string> before = [.. Next(entry, i).SelectMany(next => live[next])];
                before.ExceptWith(written[i]);
                before.UnionWith(read[i]);
                // Sets only grow.
                changed |= before.Count != live[i].Count;
                live[i] = before;
            }
        }
        return live.Max(names => names.Sum(name => name.StartsWith("%rd", StringComparison.Ordinal) ? 2 : 1));
    }

    private static IEnumerable<int> Next(PtxEntry entry, int at)
    {
        PtxStatement statement = entry.Statements[at];
        if (entry.Instructions[at] is BranchInstruction branch)
            yield return branch.Target;
        if (statement.Predicate is not null || entry.Instructions[at] is not (BranchInstruction or ReturnInstruction))
            yield return at + 1;
    }

    private static HashSet<string> Written(PtxStatement statement) => HasTarget(statement) ? Names(statement.Operands[..1]) : [];

    // What some lanes alone write, and what a product is added to, was needed before.
    private static HashSet<string> Read(PtxStatement statement) => Names(statement.Operands[(HasTarget(statement) && Replaces(statement) ? 1 : 0)..]);

    private static bool Replaces(PtxStatement statement) =>
        statement.Predicate is null && !statement.Opcode.StartsWith("wgmma.", StringComparison.Ordinal);

    private static bool HasTarget(PtxStatement statement) => !withoutTarget.Any(opcode => statement.Opcode.StartsWith(opcode, StringComparison.Ordinal));

    private static HashSet<string> Names(IEnumerable<string> operands) =>
        [.. operands.SelectMany(operand => Register().Matches(operand)).Select(match => match.Value)];

    [GeneratedRegex(@"%(?:rd|r|f)\d+")]
    private static partial Regex Register();
}

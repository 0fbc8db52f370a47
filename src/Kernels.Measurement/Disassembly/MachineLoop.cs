using System.Text.RegularExpressions;

namespace Kernels.Measurement.Disassembly;

/// <summary>A loop in a listing: from a label to a jump back to it.</summary>
/// <param name="Instructions">Instructions between both, the jump included.</param>
/// <param name="MultiplyAdds">Fused vector multiply-adds among them.</param>
/// <param name="StackVectors">
/// Instructions that move a vector register from or to the stack: usually spills, or accesses to a local array of vectors.
/// </param>
/// <param name="VectorBits">Bits of the widest vector register; 0 without any.</param>
internal sealed partial record MachineLoop(int Instructions, int MultiplyAdds, int StackVectors, int VectorBits)
{
    /// <summary>The innermost loops of a method, in order.</summary>
    public static IReadOnlyList<MachineLoop> Innermost(IReadOnlyList<string> lines)
    {
        Dictionary<string, int> labels = [];
        List<(int Begin, int End)> loops = [];
        for (int i = 0; i < lines.Count; i++)
        {
            if (LabelPattern().Match(lines[i]) is { Success: true } label)
                labels[label.Groups[1].Value] = i;
            else if (JumpPattern().Match(lines[i]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int begin))
                loops.Add((begin, i));
        }
        return
        [
            .. loops
                .Where(loop => !loops.Any(other => other != loop && other.Begin >= loop.Begin && other.End <= loop.End))
                .Select(loop => Of([.. lines.Take(loop.End + 1).Skip(loop.Begin).Where(line => InstructionPattern().IsMatch(line))])),
        ];
    }

    private static MachineLoop Of(string[] instructions) => new(
        instructions.Length,
        instructions.Count(line => MultiplyAddPattern().IsMatch(line)),
        instructions.Count(line => StackPattern().IsMatch(line) && VectorPattern().IsMatch(line)),
        instructions.SelectMany(line => VectorPattern().Matches(line)).Select(match => Bits(match.Value[0])).DefaultIfEmpty().Max());

    private static int Bits(char register) => register switch { 'z' => 512, 'y' => 256, _ => 128 };

    [GeneratedRegex(@"^(G_M\w+_IG\d+):")]
    private static partial Regex LabelPattern();

    // x64: jl, jmp SHORT …; Arm64: b, blt, b.lt, cbnz, tbz. The target of a call is no label of the method.
    [GeneratedRegex(@"^ +(?:j|b|cb|tb)\S* .*?(G_M\w+_IG\d+)\s*$")]
    private static partial Regex JumpPattern();

    [GeneratedRegex(@"^ +[a-z]")]
    private static partial Regex InstructionPattern();

    [GeneratedRegex(@"^ +(?:vfn?m(?:add|sub)\d+p|fmla )")]
    private static partial Regex MultiplyAddPattern();

    [GeneratedRegex(@"\[(?:rsp|rbp|sp|fp)\b")]
    private static partial Regex StackPattern();

    [GeneratedRegex(@"\b(?:[xyz]mm\d+|[qv]\d+\b)")]
    private static partial Regex VectorPattern();
}

using System.Text.RegularExpressions;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>One instruction as it stands in the text, in parts.</summary>
internal sealed partial record PtxStatement(int Line, string? Predicate, bool Negated, string Opcode, string[] Operands)
{
    /// <summary>Takes <c>@!%p1 opcode.type a, {b, c}, [d+4];</c> apart.</summary>
    public static PtxStatement Parse(int line, string text)
    {
        Match match = Form().Match(text);
        if (!match.Success)
            throw new PtxException(PtxComplaint.Unknown, line, $"not an instruction: {text}");
        string? predicate = match.Groups["predicate"] is { Success: true } group ? group.Value : null;
        return new(line, predicate, match.Groups["not"].Success, match.Groups["opcode"].Value, [.. Split(match.Groups["operands"].Value)]);
    }

    public PtxException Refuse(string reason) => new(PtxComplaint.Unknown, Line, $"{Opcode} {string.Join(", ", Operands)}: {reason}");

    /// <summary>At commas outside braces.</summary>
    private static IEnumerable<string> Split(string operands)
    {
        int depth = 0, begin = 0;
        for (int i = 0; i < operands.Length; i++)
        {
            depth += operands[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (operands[i] != ',' || depth > 0)
                continue;
            yield return operands[begin..i].Trim();
            begin = i + 1;
        }
        if (operands[begin..].Trim() is { Length: > 0 } last)
            yield return last;
    }

    [GeneratedRegex(@"^(@(?<not>!)?(?<predicate>%\w+)\s+)?(?<opcode>[a-z][\w.:]*)\s*(?<operands>[^;]*);$")]
    private static partial Regex Form();
}

using System.Text.RegularExpressions;

namespace Kernels.Measurement.Disassembly;

/// <summary>One method of the JIT's listing.</summary>
/// <param name="Name">Type, method and signature as the JIT writes them.</param>
/// <param name="Text">The listing, its heading included.</param>
internal sealed partial record MachineMethod(string Name, string Text)
{
    /// <summary>Length of the machine code.</summary>
    public int Bytes => BytesPattern().Match(Text) is { Success: true } match ? int.Parse(match.Groups[1].Value) : 0;

    /// <summary>Its innermost loops.</summary>
    public IReadOnlyList<MachineLoop> InnermostLoops { get; } = MachineLoop.Innermost(Text.Split('\n'));

    /// <summary>The innermost loop with the most multiply-adds, or, without any, the most instructions; null without loops.</summary>
    public MachineLoop? HottestLoop => InnermostLoops.MaxBy(loop => (loop.MultiplyAdds, loop.Instructions));

    [GeneratedRegex(@"^; Total bytes of code:? (\d+)", RegexOptions.Multiline)]
    private static partial Regex BytesPattern();
}

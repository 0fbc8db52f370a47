using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Abstractions;

/// <summary>
/// The text form of a problem: <c>b1-h8/2-q512-k512-d64-causal</c>. Batch may be left out (1), keys too (as many as queries), the
/// mask too (full); <c>h8/2</c> is 8 heads on 2 kv heads; <c>d192v128</c> is values of 128 channels; <c>q64@1024</c> and <c>k256@512</c>
/// are positions of the first query and the first key; <c>-bshd</c> at the end is the token-major order; a scale other than 1/√d is written
/// <c>-s0.5</c>.
/// </summary>
public static partial class ProblemName
{
    /// <summary>Writes the name, in which only a full mask and defaults are omitted.</summary>
    public static string Format(AttentionProblem problem)
    {
        string heads = problem.KvHeads == problem.Heads ? $"{problem.Heads}" : $"{problem.Heads}/{problem.KvHeads}";
        string mask = problem.Mask is FullMask ? "" : $"-{problem.Mask.Name}";
        string scale = problem.Scale == AttentionProblem.DefaultScale(problem.HeadDim)
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"-s{problem.Scale:R}");
        string queryStart = problem.QueryStart == problem.UsualQueryStart ? "" : $"@{problem.QueryStart}";
        string keyStart = problem.KeyStart == 0 ? "" : $"@{problem.KeyStart}";
        string values = problem.ValueDim == problem.HeadDim ? "" : $"v{problem.ValueDim}";
        // A layer is always in token-major order.
        string order = problem.Order == TokenOrder.HeadMajor || problem is LayerProblem ? "" : "-bshd";
        string layer = problem is LayerProblem { Width: var width, Hidden: var hidden } ? $"-m{width}-f{hidden}" : "";
        return $"b{problem.Batch}-h{heads}-q{problem.Queries}{queryStart}-k{problem.Keys}{keyStart}-d{problem.HeadDim}{values}{mask}{order}{scale}{layer}";
    }

    /// <summary>Reads a name, and the file that its mask may name.</summary>
    /// <exception cref="FormatException">The text is not a problem name; the message says what is expected.</exception>
    /// <exception cref="ArgumentException">The sizes are invalid, see <see cref="AttentionProblem"/>.</exception>
    public static AttentionProblem Parse(string text) => Parse(text, MaskLines.OfFiles);

    /// <summary>Reads a name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="lines">Gives the lines of the file that its mask may name.</param>
    /// <exception cref="FormatException">The text is not a problem name; the message says what is expected.</exception>
    /// <exception cref="ArgumentException">The sizes are invalid, see <see cref="AttentionProblem"/>.</exception>
    public static AttentionProblem Parse(string text, MaskLines lines)
    {
        Match match = Pattern().Match(text);
        if (!match.Success)
            throw new FormatException($"'{text}' is not a shape; write one like b1-h8-q512-k512-d64 or h8/2-q512-d64-causal.");
        AttentionMask mask = AttentionMask.Full;
        if (match.Groups["mask"] is { Success: true } name)
            mask = MaskName.Parse(name.Value, lines) ??
                throw new FormatException($"'{name.Value}' in '{text}' is not a mask; masks are {string.Join(", ", MaskName.Forms)}.");
        int heads = Number(match, "h", text) ?? 1;
        int queries = Number(match, "q", text) ?? 1;
        var core = new AttentionProblem(
            Number(match, "b", text) ?? 1, heads, Number(match, "kv", text) ?? heads, queries, Number(match, "k", text) ?? queries,
            Number(match, "d", text) ?? 1, mask, Scale(match, text), Number(match, "v", text), Number(match, "qs", text), Number(match, "ks", text) ?? 0,
            match.Groups["order"].Success ? TokenOrder.TokenMajor : TokenOrder.HeadMajor);
        return Number(match, "m", text) is { } width ? new LayerProblem(core, width, Number(match, "f", text)) : core;
    }

    private static int? Number(Match match, string group, string text)
    {
        if (!match.Groups[group].Success)
            return null;
        return int.TryParse(match.Groups[group].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException($"The number {match.Groups[group].Value} in '{text}' is too large.");
    }

    private static float? Scale(Match match, string text)
    {
        if (!match.Groups["s"].Success)
            return null;
        return float.TryParse(match.Groups["s"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            ? value
            : throw new FormatException($"The scale {match.Groups["s"].Value} in '{text}' is not a number.");
    }

    [GeneratedRegex(
        @"^(b(?<b>-?[0-9]+)-)?h(?<h>-?[0-9]+)(/(?<kv>-?[0-9]+))?-q(?<q>-?[0-9]+)(@(?<qs>-?[0-9]+))?(-k(?<k>-?[0-9]+)(@(?<ks>-?[0-9]+))?)?"
        + @"-d(?<d>-?[0-9]+)(v(?<v>-?[0-9]+))?(-(?<mask>(?!s[-+0-9.]|m[-0-9]|bshd)[a-z][a-z0-9+\-]*?(@[^,]+?)?))?"
        + @"(?<order>-bshd)?(-s(?<s>[-+0-9.eE]+))?(-m(?<m>-?[0-9]+)(-f(?<f>-?[0-9]+))?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

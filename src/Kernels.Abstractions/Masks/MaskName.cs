using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Abstractions;

/// <summary>Reads the names that masks have on the command line and in results.</summary>
public static partial class MaskName
{
    /// <summary>The forms that <see cref="TryParse"/> takes, for messages and help.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["full", "causal", "causal-topleft", "window128", "window127+0"];

    /// <summary>Reads a mask name. An even total such as <c>window128</c> means 64 keys on each side.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AttentionMask? mask)
    {
        mask = text switch
        {
            "full" => AttentionMask.Full,
            "causal" => AttentionMask.Causal,
            "causal-topleft" => AttentionMask.CausalTopLeft,
            _ => ParseWindow(text),
        };
        return mask is not null;
    }

    private static AttentionMask? ParseWindow(string text)
    {
        if (WindowPattern().Match(text) is not { Success: true } match
            || !TryRead(match.Groups["first"].ValueSpan, out int first))
            return null;
        if (!match.Groups["right"].Success)
            return first > 0 && first % 2 == 0 ? AttentionMask.Window(first / 2, first / 2) : null;
        return TryRead(match.Groups["right"].ValueSpan, out int right) ? AttentionMask.Window(first, right) : null;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    [GeneratedRegex(@"^window(?<first>[0-9]+)(\+(?<right>[0-9]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WindowPattern();
}

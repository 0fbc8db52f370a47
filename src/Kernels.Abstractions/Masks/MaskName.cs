using System.Diagnostics.CodeAnalysis;

namespace Kernels.Abstractions;

/// <summary>Reads the names that masks have on the command line and in results.</summary>
public static class MaskName
{
    /// <summary>The forms that <see cref="TryParse"/> takes, for messages and help.</summary>
    public static IReadOnlyList<string> Forms { get; } =
        [.. MaskForms.All.SelectMany(form => form == CausalMask.Form ? [form.Example, "causal-topleft"] : new[] { form.Example })];

    /// <summary>Reads a mask name; null when no mask has such a name.</summary>
    /// <exception cref="FormatException">The name has the form of a mask, but a number in it is out of range, or its file is not
    /// a pattern; the message says why.</exception>
    public static AttentionMask? Parse(string text) => MaskForms.All.Select(form => form.Read(text)).FirstOrDefault(mask => mask is not null);

    /// <summary>Reads a mask name.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AttentionMask? mask)
    {
        try
        {
            mask = Parse(text);
        }
        catch (FormatException)
        {
            mask = null;
        }
        return mask is not null;
    }
}

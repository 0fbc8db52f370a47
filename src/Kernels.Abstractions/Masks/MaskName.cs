using System.Diagnostics.CodeAnalysis;

namespace Kernels.Abstractions;

/// <summary>Reads the names that masks have on the command line and in results.</summary>
public static class MaskName
{
    /// <summary>The forms that <see cref="TryParse"/> takes, for messages and help.</summary>
    public static IReadOnlyList<string> Forms { get; } =
        [.. MaskForms.All.SelectMany(form => form == CausalMask.Form ? [form.Example, "causal-topleft"] : new[] { form.Example })];

    /// <summary>Reads a mask name; null when no mask has such a name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="lines">Gives the lines of the file that it may name; from the file when left out.</param>
    /// <exception cref="FormatException">The name has the form of a mask, but a number in it is out of range, or its file is not
    /// a pattern; the message says why.</exception>
    public static AttentionMask? Parse(string text, MaskLines? lines = null) =>
        MaskForms.All.Select(form => form.Read(text, lines ?? MaskLines.OfFiles)).FirstOrDefault(mask => mask is not null);

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

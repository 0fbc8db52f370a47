using Kernels.Models.Text;

namespace Kernels.Models.Captures;

/// <summary>
/// A text to capture attention from: the first pages of Alice's Adventures in Wonderland (Carroll 1865), because its sentences refer to each other, repeat
/// themselves, and are nobody's property.
/// </summary>
internal static class Passage
{
    private const string Resource = "passage.txt";

    /// <summary>The whole text, a paragraph a line.</summary>
    public static string Text { get; } = Read();

    /// <summary>Consecutive pieces, each between [CLS] and [SEP] as texts of their own.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="lengths">Tokens of each piece, at least 3.</param>
    /// <returns>Ids of the pieces.</returns>
    public static IReadOnlyList<int[]> Cut(Tokenizer tokenizer, IEnumerable<int> lengths)
    {
        // The tokenizer refuses more tokens than the model takes, so paragraphs go alone.
        int[][] paragraphs = [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => tokenizer.Tokenize(line).Ids.ToArray())];
        int begin = paragraphs[0][0], end = paragraphs[0][^1], used = 0;
        int[] all = [.. paragraphs.SelectMany(ids => ids[1..^1])];
        List<int[]> pieces = [];
        foreach (int length in lengths)
        {
            pieces.Add([begin, .. all[used..(used + length - 2)], end]);
            used += length - 2;
        }
        return pieces;
    }

    private static string Read()
    {
        using Stream stream = typeof(Passage).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

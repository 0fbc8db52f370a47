using System.Text.RegularExpressions;

namespace Kernels.Report.Attend;

/// <summary>
/// Attention without a model: one layer of two heads whose queries and keys are made by hand, so that one sees how a product of two vectors
/// becomes a rule. Nothing is learned, and the page says so.
/// </summary>
public static partial class HandMadeHeads
{
    private const string Source =
        "No model and no training: the queries and keys of two heads are constructed so that their products follow a rule. "
        + "The first head finds the token before. The second finds the same word; a pronoun finds every word that stands after an article, "
        + "all of them alike: which of them is meant only a trained model could tell.";

    private const string AcrossSource =
        " Across the two texts the first head finds the token at the same place, and the second the same word.";

    // Weight of a match among 14 other keys at the scale 1/√d: e⁴ / (e⁴ + 14) = 0.8. At a fifth of the scale it is barely seen, and at
    // three times it is nearly all.
    private const double MatchScore = 4;

    private static readonly HashSet<string> articles = new(["the", "a", "an"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> pronouns =
        new(["it", "he", "she", "they", "him", "her", "them"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The capture of a text, with self and causal views.</summary>
    /// <param name="text">Split into words and signs.</param>
    /// <param name="other">A second text; the cross view has queries of the first and keys of this one. Null for no cross view.</param>
    /// <exception cref="ArgumentException">A text has no token.</exception>
    public static AttentionCapture Capture(string text, string? other = null)
    {
        string[] tokens = Tokens(text);
        List<AttentionView> views = [View(AttentionViewKind.Self, tokens, tokens, shift: -1)];
        if (other is not null)
            views.Add(View(AttentionViewKind.Cross, tokens, Tokens(other), shift: 0));
        return new AttentionCapture(views)
        {
            Title = other is null ? text : $"{text} / {other}",
            Text = other is null ? text : $"{text} / {other}",
            Model = "made by hand",
            Source = other is null ? Source : Source + AcrossSource,
            HeadNames = ["previous token", "same word, pronoun → noun"],
        };
    }

    private static AttentionView View(AttentionViewKind kind, string[] queries, string[] keys, int shift)
    {
        // Feature 0 is "stands after an article", the others are words.
        string[] words = [.. queries.Concat(keys).Select(token => token.ToLowerInvariant()).Distinct()];
        int Word(string token) => 1 + Array.IndexOf(words, token.ToLowerInvariant());
        // Enough channels for as many codes at right angles.
        int d = Math.Max(32, 2 * (Math.Max(words.Length + 1, Math.Max(queries.Length, keys.Length) + 1) / 2 + 1));
        float gain = (float)(MatchScore * 2 / Math.Sqrt(d));
        float[] q = new float[2 * queries.Length * d], k = new float[2 * keys.Length * d];
        for (int query = 0; query < queries.Length; query++)
        {
            Add(q.AsSpan(query * d, d), query + shift, gain);
            bool isPronoun = kind != AttentionViewKind.Cross && pronouns.Contains(queries[query]);
            Add(q.AsSpan((queries.Length + query) * d, d), isPronoun ? 0 : Word(queries[query]), gain);
        }
        for (int key = 0; key < keys.Length; key++)
        {
            Add(k.AsSpan(key * d, d), key, 1);
            Add(k.AsSpan((keys.Length + key) * d, d), Word(keys[key]), 1);
            if (key > 0 && articles.Contains(keys[key - 1]))
                Add(k.AsSpan((keys.Length + key) * d, d), 0, 1);
        }
        return new AttentionView(kind, queries, keys, new AttentionTensors(1, 2, d, queries.Length, keys.Length, q, k));
    }

    // Waves at the odd multiples of π/d: the product of the codes of m and n is Σ cos(π(2f+1)(m−n)/d) over d/2 waves, which is d/2 where
    // m = n and 0 at every other difference below d.
    private static void Add(Span<float> vector, int code, float gain)
    {
        for (int wave = 0; wave < vector.Length / 2; wave++)
        {
            (double sine, double cosine) = Math.SinCos(Math.PI * (2 * wave + 1) * code / vector.Length);
            vector[2 * wave] += gain * (float)sine;
            vector[2 * wave + 1] += gain * (float)cosine;
        }
    }

    private static string[] Tokens(string text)
    {
        string[] tokens = [.. TokenPattern().Matches(text).Select(match => match.Value)];
        return tokens.Length > 0 ? tokens : throw new ArgumentException("The text has no token.", nameof(text));
    }

    // A word, with its apostrophe, or one sign, which may be of two UTF-16 units.
    [GeneratedRegex(
        @"[\uD800-\uDBFF][\uDC00-\uDFFF]|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)*|[^\s\p{L}\p{M}\p{N}]\p{M}*", RegexOptions.CultureInvariant)]
    private static partial Regex TokenPattern();
}

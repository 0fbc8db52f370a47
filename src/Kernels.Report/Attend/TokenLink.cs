namespace Kernels.Report.Attend;

/// <summary>The link that a page asks for to begin with: of a pronoun to its noun where the text has a known pair.</summary>
public static class TokenLink
{
    private static readonly (string Query, string Key)[] known = [("it", "animal"), ("it", "trophy"), ("sat", "cat")];

    /// <summary>Places of query and key; without a known pair the last token and the first.</summary>
    public static (int Query, int Key) Of(AttentionView view)
    {
        foreach ((string query, string key) in known)
        {
            (int from, int to) = (Last(view.QueryTokens, query), Last(view.KeyTokens, key));
            if (from >= 0 && to >= 0 && view.Sees(from, to))
                return (from, to);
        }
        return (view.QueryTokens.Count - 1, 0);
    }

    private static int Last(IReadOnlyList<string> tokens, string word)
    {
        for (int place = tokens.Count - 1; place >= 0; place--)
        {
            // Vocabularies mark the beginning of a word in these ways.
            if (tokens[place].TrimStart('Ġ', '▁', ' ').Equals(word, StringComparison.OrdinalIgnoreCase))
                return place;
        }
        return -1;
    }
}

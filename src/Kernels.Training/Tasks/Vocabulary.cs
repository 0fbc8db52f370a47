using Kernels.Results;

namespace Kernels.Training.Tasks;

/// <summary>The words of a task by number.</summary>
public sealed class Vocabulary
{
    private readonly string[] words;
    private readonly Dictionary<string, int> ids;

    /// <summary>Numbers words in their order.</summary>
    public Vocabulary(IEnumerable<string> words)
    {
        this.words = [.. words];
        ids = this.words.Index().ToDictionary(each => each.Item, each => each.Index);
    }

    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>The number of a word that is there.</summary>
    public int this[string word] => ids[word];

    /// <summary>The words of a text, in lower case and without signs at their ends.</summary>
    /// <exception cref="UserError">There is none, or one that is not in the vocabulary.</exception>
    public IReadOnlyList<int> Parse(string text)
    {
        string[] parts = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Plain).Where(part => part.Length > 0)];
        if (parts.Length == 0)
            throw new UserError("The text has no word.");
        return [.. parts.Select(part => ids.TryGetValue(part, out int id)
            ? id
            : throw new UserError($"'{OneLine.Quote(part)}' is none of the {words.Length} words of this model."))];
    }

    private static string Plain(string part) => part.ToLowerInvariant().Replace('’', '\'').Trim('.', ',', '!', '?', ';', ':', '"');
}

using System.Collections.Immutable;
using Kernels.Results;

namespace Kernels.Models.Text;

/// <summary>
/// Text to the ids that BERT and its descendants take: words in lower case, each cut into the longest pieces that the vocabulary has
/// (WordPiece, Wu et al. 2016, section 4.1; github.com/google-research/bert, tokenization.py). Written here and not taken from
/// FastBertTokenizer, whose accents need the globalization that this program runs without: "café" would be unknown.
/// </summary>
public sealed class Tokenizer
{
    // A word with more characters is unknown as a whole (WordpieceTokenizer, max_input_chars_per_word).
    private const int LongestWord = 100;

    private const long LargestVocabulary = 1 << 26;

    private const string Unknown = "[UNK]", Begin = "[CLS]", End = "[SEP]", Continued = "##";

    private readonly ImmutableArray<string> vocabulary;
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byText;
    private readonly int mostTokens;

    private Tokenizer(ImmutableArray<string> vocabulary, Dictionary<string, int> ids, int mostTokens)
    {
        (this.vocabulary, this.ids, this.mostTokens) = (vocabulary, ids, mostTokens);
        byText = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Tokens of the vocabulary; ids are below it.</summary>
    public int VocabularySize => vocabulary.Length;

    /// <summary>Reads a vocabulary: a token a line, whose id is the number of lines before it.</summary>
    /// <param name="path">The file, <c>vocab.txt</c>.</param>
    /// <param name="mostTokens">Tokens that the model takes at most.</param>
    /// <exception cref="UserError">The file cannot be read, or is no such vocabulary.</exception>
    public static Tokenizer Load(string path, int mostTokens)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestVocabulary })
                throw new UserError(OneLine.Clean($"{path}: it is too large for a vocabulary."));
            return From(File.ReadLines(path), path, mostTokens);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(OneLine.Clean($"{path}: {error.Message}"));
        }
    }

    /// <summary>The same of the lines themselves; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="UserError">A line is empty or there twice, or [UNK], [CLS] or [SEP] is missing.</exception>
    public static Tokenizer From(IEnumerable<string> lines, string name, int mostTokens)
    {
        ImmutableArray<string>.Builder vocabulary = ImmutableArray.CreateBuilder<string>();
        Dictionary<string, int> ids = [];
        foreach (string line in lines)
        {
            if (line.Length == 0 || !ids.TryAdd(line, vocabulary.Count))
            {
                int number = vocabulary.Count + 1;
                throw new UserError(OneLine.Clean($"{name}: line {number} is empty or there twice: '{OneLine.Quote(line)}'."));
            }
            vocabulary.Add(line);
        }
        string? missing = new[] { Unknown, Begin, End }.FirstOrDefault(each => !ids.ContainsKey(each));
        return missing is null ? new(vocabulary.ToImmutable(), ids, mostTokens)
            : throw new UserError(OneLine.Clean($"{name}: it is no vocabulary of BERT, which has a line {missing}."));
    }

    /// <summary>Cuts a text.</summary>
    /// <exception cref="UserError">It has no words, or more tokens than the model takes.</exception>
    public TokenizedText Tokenize(string text)
    {
        List<(int Id, string Word)> tokens = [(ids[Begin], Begin)];
        foreach (string word in Words.Of(text))
        {
            tokens.AddRange(Pieces(word).Select(id => (id, word)));
            if (tokens.Count >= mostTokens)
                throw new UserError($"The text is too long: the model takes {mostTokens} tokens, about {mostTokens * 3 / 4} words.");
        }
        if (tokens.Count == 1)
            throw new UserError("The text is empty: it needs at least one word.");
        tokens.Add((ids[End], End));
        return new(
            [.. tokens.Select(each => each.Id)], [.. tokens.Select(each => vocabulary[each.Id])], [.. tokens.Select(each => each.Word)]);
    }

    // From the beginning, the longest piece that is known, and so on; a word with a rest that is not known is unknown as a whole.
    private IReadOnlyList<int> Pieces(string word)
    {
        if (word.EnumerateRunes().Count() > LongestWord)
            return [ids[Unknown]];
        List<int> pieces = [];
        string rest = word;
        while (rest.Length > (pieces.Count > 0 ? Continued.Length : 0))
        {
            int length = rest.Length, id = 0;
            while (length > 0 && !byText.TryGetValue(rest.AsSpan(0, length), out id))
                length--;
            if (length <= (pieces.Count > 0 ? Continued.Length : 0))
                return [ids[Unknown]];
            pieces.Add(id);
            rest = Continued + rest[length..];
        }
        return pieces;
    }
}

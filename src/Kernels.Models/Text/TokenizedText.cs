using System.Collections.Immutable;

namespace Kernels.Models.Text;

/// <summary>A text as a model takes it. All lists have one entry a token, with <c>[CLS]</c> first and <c>[SEP]</c> last.</summary>
/// <param name="Ids">Row of each token in the table of word embeddings.</param>
/// <param name="Tokens">The tokens as the vocabulary has them, to be shown; <c>##</c> begins a piece that continues a word.</param>
/// <param name="Words">The word that each token is of, in lower case and without accents.</param>
public sealed record TokenizedText(ImmutableArray<int> Ids, ImmutableArray<string> Tokens, ImmutableArray<string> Words)
{
    /// <summary>Number of tokens.</summary>
    public int Length => Ids.Length;
}

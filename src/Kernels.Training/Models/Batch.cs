namespace Kernels.Training.Models;

/// <summary>Sentences of one length, and what a model should say at some places of each.</summary>
/// <param name="Sequences">Sentences.</param>
/// <param name="Tokens">Words of each.</param>
/// <param name="Ids">[sequences, tokens]: the words.</param>
/// <param name="Places">[sequences, asked]: places of a sentence, from 0, at which a word is asked for.</param>
/// <param name="Targets">[sequences, asked]: the right words.</param>
public sealed record Batch(int Sequences, int Tokens, int[] Ids, int[] Places, int[] Targets)
{
    /// <summary>Places of each sentence that are asked.</summary>
    public int Asked => Places.Length / Sequences;

    /// <summary>
    /// Whether the answer is one of the words of the sentence (Vinyals, Fortunato and Jaitly 2015, Pointer networks), and not one of the whole
    /// vocabulary.
    /// </summary>
    public bool AnswersFromSentence { get; init; }
}

using Kernels.Abstractions;
using Kernels.Training.Models;

namespace Kernels.Training.Tasks;

/// <summary>
/// Copying: random words, a separator, and then the same words again. A ladder of models learns it: a decoder that sees one last state, whose size bounds what
/// it can hold (Cho et al. 2014; Bahdanau et al. 2015, section 1); additive attention; a transformer of one layer, whose keys know nothing of the word before
/// them; and one of two layers, which can find the word behind an earlier copy of the present one (induction heads: Olsson et al. 2022).
/// </summary>
public sealed class CopyTask : TrainingTask
{
    private const string Separator = "|";
    private const int Words = 32, SentencesPerStep = 32, TestSentences = 64, TestStream = -1, CurveLength = 12;

    private static readonly int[] tested = [1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28];

    /// <summary>Words of the longest sentences of training.</summary>
    public static int LongestTrained => 20;

    /// <summary>Creates it with its tests.</summary>
    public CopyTask() => Tests =
    [
        .. tested.Select(length =>
        {
            var random = new SeededNormal(TestStream, length);
            string name = length == 1 ? "1 word" : $"{length} words";
            return new TestSet(name, length, length <= LongestTrained, [Sentences(ref random, TestSentences, length)]);
        }),
    ];

    /// <inheritdoc/>
    public override string Name => "copy";

    /// <inheritdoc/>
    public override Vocabulary Vocabulary { get; } = new([Separator, .. Enumerable.Range(1, Words).Select(word => $"w{word}")]);

    /// <inheritdoc/>
    public override IReadOnlyList<SequenceModel> Models
    {
        get
        {
            int words = Vocabulary.Words.Count;
            return
            [
                new EncoderDecoder("fixed-context", DecoderContext.Last, 64, 64, words),
                new EncoderDecoder("additive-attention", DecoderContext.Additive, 48, 64, words),
                new Transformer("one-layer", 1, 2, 64, 384, words, 2 * tested[^1], AttentionMask.Causal),
                new Transformer("two-layers", 2, 2, 64, 128, words, 2 * tested[^1], AttentionMask.Causal),
            ];
        }
    }

    /// <inheritdoc/>
    public override int UsualSteps => 3000;

    /// <inheritdoc/>
    public override double LearningRate => 3e-3;

    /// <inheritdoc/>
    public override double WeightDecay => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<TestSet> Tests { get; }

    /// <inheritdoc/>
    public override TestSet CurveTest => Tests.Single(test => test.Length == CurveLength);

    /// <inheritdoc/>
    public override double LeastLoss => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["w5 w3 w8 w1 w9 w2 | w5 w3 w8"];

    /// <inheritdoc/>
    public override bool AnswersFromSentence => false;

    /// <inheritdoc/>
    public override int Asked(IReadOnlyList<int> text) => text.Count - 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Batch> Training(int seed, int step)
    {
        var random = new SeededNormal(seed, step);
        return [Sentences(ref random, SentencesPerStep, 1 + random.NextIndex(LongestTrained))];
    }

    private Batch Sentences(ref SeededNormal random, int sentences, int length)
    {
        int[] all = [.. Enumerable.Range(1, Words)];
        int[] ids = new int[sentences * 2 * length], places = new int[sentences * length], targets = new int[sentences * length];
        for (int i = 0; i < sentences; i++)
        {
            Span<int> sentence = ids.AsSpan(i * 2 * length, 2 * length);
            for (int place = 0; place < length; place++)
            {
                int other = place + random.NextIndex(Words - place);
                (all[place], all[other]) = (all[other], all[place]);
                sentence[place] = all[place];
            }
            sentence[length] = Vocabulary[Separator];
            sentence[..(length - 1)].CopyTo(sentence[(length + 1)..]);
            sentence[..length].CopyTo(targets.AsSpan(i * length));
            for (int place = 0; place < length; place++)
                places[i * length + place] = length + place;
        }
        return new(sentences, 2 * length, ids, places, targets);
    }
}

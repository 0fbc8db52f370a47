using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Models;

namespace Kernels.Training.Tasks;

/// <summary>
/// What does "it" mean? "The animal didn't cross the street because it was too tired" or "too wide" (after Winograd 1972; Levesque, Davis and Morgenstern 2012,
/// The Winograd schema challenge), and the same in the passive, so that the order of the nouns says nothing. The model says the noun at the place of "it".
/// <para>
/// A quarter of the nouns is held out: in training they stand in no sentence with "it" and are no answer to "it"; what they are, it can learn from statements
/// such as "the animal was too tired", of all nouns, in which one word is masked and asked for (Taylor 1953; Devlin et al. 2019, section 3.1). The test has
/// sentences of two held-out nouns: the class of a noun must come from the statements, and how "it" is resolved from sentences of other nouns.
/// </para>
/// </summary>
public sealed class CoreferenceTask : TrainingTask
{
    private const int SentencesPerForm = 32, TestSentences = 128;

    // Streams of random numbers beside those of training, whose second part is a step.
    private const int TestStream = -1;

    private static readonly string[] trainedLiving = CoreferenceWords.Part(CoreferenceWords.Living, heldOut: false);
    private static readonly string[] trainedPlaces = CoreferenceWords.Part(CoreferenceWords.Places, heldOut: false);
    private static readonly string[] heldOutLiving = CoreferenceWords.Part(CoreferenceWords.Living, heldOut: true);
    private static readonly string[] heldOutPlaces = CoreferenceWords.Part(CoreferenceWords.Places, heldOut: true);

    /// <summary>Creates it with its tests.</summary>
    public CoreferenceTask() => Tests =
    [
        Test("held-out nouns", trained: false, heldOutLiving, heldOutPlaces), Test("trained nouns", trained: true, trainedLiving, trainedPlaces),
    ];

    /// <inheritdoc/>
    public override string Name => "winograd";

    /// <inheritdoc/>
    public override Vocabulary Vocabulary { get; } = new(CoreferenceWords.All);

    /// <inheritdoc/>
    public override IReadOnlyList<SequenceModel> Models =>
        [new Transformer("transformer", 2, 2, 32, 64, Vocabulary.Words.Count, CoreferenceForm.MostWords, AttentionMask.Full)];

    /// <inheritdoc/>
    public override int UsualSteps => 3000;

    /// <inheritdoc/>
    public override double LearningRate => 2e-3;

    /// <inheritdoc/>
    public override double WeightDecay => 0.1;

    /// <inheritdoc/>
    public override IReadOnlyList<TestSet> Tests { get; }

    /// <inheritdoc/>
    public override TestSet CurveTest => Tests[0];

    /// <inheritdoc/>
    /// <remarks>One batch of three has statements, whose masked noun is any of its class, and whose masked adjective is too.</remarks>
    public override double LeastLoss => (Math.Log(CoreferenceWords.Living.Length) + Math.Log(CoreferenceWords.OfLiving.Length)) / 2 / 3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "The animal didn't cross the street because it was too tired", "The animal didn't cross the street because it was too wide",
        "The street wasn't crossed by the animal because it was too tired", "The dog didn't enter the forest because it was too overgrown",
    ];

    /// <inheritdoc/>
    public override bool AnswersFromSentence => true;

    /// <inheritdoc/>
    public override int Asked(IReadOnlyList<int> text)
    {
        int place = text.ToList().LastIndexOf(Vocabulary["it"]);
        return place >= 0 ? place : throw new UserError("The text has no \"it\", of which this model says what it means.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Batch> Training(int seed, int step)
    {
        var random = new SeededNormal(seed, step);
        CoreferenceForm active = new(2 * random.NextIndex(CoreferenceForm.Count / 2)), passive = new(2 * random.NextIndex(CoreferenceForm.Count / 2) + 1);
        return
        [
            Sentences(ref random, SentencesPerForm, trainedLiving, trainedPlaces, active),
            Sentences(ref random, SentencesPerForm, trainedLiving, trainedPlaces, passive),
            Statements(ref random, SentencesPerForm),
        ];
    }

    private TestSet Test(string name, bool trained, string[] living, string[] places)
    {
        var random = new SeededNormal(TestStream, trained ? 1 : 0);
        List<Batch> batches = [];
        for (int form = 0; form < CoreferenceForm.Count; form++)
            batches.Add(Sentences(ref random, TestSentences, living, places, new(form)));
        return new(name, null, trained, batches);
    }

    private Batch Sentences(ref SeededNormal random, int sentences, string[] living, string[] places, CoreferenceForm form)
    {
        List<int> ids = [], asked = [], targets = [];
        for (int i = 0; i < sentences; i++)
        {
            (string animal, string witness) = PickTwo(ref random, living);
            (string place, string landmark) = PickTwo(ref random, places);
            bool isLiving = random.NextIndex(2) == 0;
            string adjective = Pick(ref random, isLiving ? CoreferenceWords.OfLiving : CoreferenceWords.OfPlaces);
            string[] words = form.Words(animal, place, Pick(ref random, CoreferenceWords.Verbs), adjective, witness, landmark);
            ids.AddRange(Ids(words));
            asked.Add(Array.IndexOf(words, "it"));
            targets.Add(Vocabulary[isLiving ? animal : place]);
        }
        return new(sentences, ids.Count / sentences, [.. ids], [.. asked], [.. targets]) { AnswersFromSentence = AnswersFromSentence };
    }

    private Batch Statements(ref SeededNormal random, int sentences)
    {
        List<int> ids = [], asked = [], targets = [];
        for (int i = 0; i < sentences; i++)
        {
            bool isLiving = random.NextIndex(2) == 0, asksNoun = random.NextIndex(2) == 0;
            string noun = Pick(ref random, isLiving ? CoreferenceWords.Living : CoreferenceWords.Places);
            string adjective = Pick(ref random, isLiving ? CoreferenceWords.OfLiving : CoreferenceWords.OfPlaces);
            string[] words = ["the", noun, "was", "too", adjective];
            int place = asksNoun ? 1 : 4;
            targets.Add(Vocabulary[words[place]]);
            words[place] = CoreferenceWords.Mask;
            ids.AddRange(Ids(words));
            asked.Add(place);
        }
        return new(sentences, ids.Count / sentences, [.. ids], [.. asked], [.. targets]);
    }

    private int[] Ids(IEnumerable<string> words) => [.. words.Select(word => Vocabulary[word])];

    private static (string, string) PickTwo(ref SeededNormal random, string[] from)
    {
        int first = random.NextIndex(from.Length), second = random.NextIndex(from.Length - 1);
        return (from[first], from[second < first ? second : second + 1]);
    }

    private static T Pick<T>(ref SeededNormal random, T[] from) => from[random.NextIndex(from.Length)];
}

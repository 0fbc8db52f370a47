using Kernels.Models;
using Kernels.Models.Text;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>
/// The fetched model against ONNX Runtime's numbers for it, and what trained attention is known for. Skipped where it was not fetched, see
/// <see cref="ModelFolder"/>.
/// </summary>
[RunsOnce]
public class MiniLmTests
{
    private const string Sentence = "The animal didn't cross the street because it was tired";

    private static readonly string folder = ModelFolder.Of(Repository.Root, MiniLm.Name);

    private static readonly Lazy<MiniLm> model = new(() => MiniLm.Load(folder));

    // The first numbers of the embeddings, and the attention of the second token in layer 0, head 0: by another forward pass in float64,
    // whose embeddings equal ONNX Runtime's within 5·10⁻⁸.
    private static readonly double[] ofSentence =
    [
        0.08243327117360512, 0.051749398460567204, 0.05235682341622215, 0.14160361136810093, 0.06198899066439316, -0.007336675460949523,
        0.00878835213618247, -0.017075626142497358,
    ];

    private static readonly double[] ofCat =
    [
        0.13053684715274821, 0.01689994746074015, -0.005143469146130753, 0.06578529078268841, -0.12339585977959175, 0.009131305399689775,
        0.019125931043022043, 0.021820026022705812,
    ];

    private static readonly double[] attentionOfCat =
        [0.20969462120172394, 0.13596033126514034, 0.06481417092627093, 0.058416003983296584, 0.11503216657008292, 0.4160827060534852];

    public static TheoryData<string, double[]> Sentences => new() { { Sentence, ofSentence }, { "The cat sat down", ofCat } };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void The_embedding_is_that_of_onnx_runtime(string text, double[] expected)
    {
        EncodedText encoded = Encode(text, keepHeads: false).Encoded;

        AssertNear(expected, encoded.Embedding.AsSpan(0, expected.Length));
        Assert.Equal(1, encoded.Embedding.Sum(number => number * number), 1e-12);
        Assert.Empty(encoded.Heads);
    }

    [Fact]
    public void A_row_of_the_first_layers_attention_is_known() =>
        AssertNear(attentionOfCat, Encode("The cat sat down").Encoded.Heads[0].Attention(head: 0, query: 1));

    /// <summary>"it" looks at "animal", and not at "street", in one head of layer 3 and one of layer 5.</summary>
    [Fact]
    public void Trained_heads_find_what_it_stands_for()
    {
        (TokenizedText text, EncodedText encoded) = Encode(Sentence);
        int it = text.Tokens.IndexOf("it"), animal = text.Tokens.IndexOf("animal");

        Assert.Equal(0.6589178211214494, encoded.Heads[3].Attention(1, it)[animal], 1e-9);
        Assert.Equal(0.6478878317470761, encoded.Heads[5].Attention(11, it)[animal], 1e-9);
        IEnumerable<int> heads = Enumerable.Range(0, 12);
        Assert.Equal(0.0756, encoded.Heads.SelectMany(layer => heads.Select(head => layer.Attention(head, it)[animal])).Average(), 1e-4);
    }

    /// <summary>A sentence that says the same is nearer than one about something else.</summary>
    [Fact]
    public void Sentences_of_one_meaning_are_near()
    {
        string[] texts = ["A dog runs through the park.", "A puppy is running in a park.", "The bank raised its interest rates."];
        double[][] embeddings = [.. texts.Select(text => Encode(text).Encoded.Embedding)];
        double Cosine(int a, int b) => embeddings[a].Zip(embeddings[b], (x, y) => x * y).Sum();

        Assert.True(Cosine(0, 1) > 0.6 && Cosine(0, 2) < 0.2, $"{Cosine(0, 1)}, {Cosine(0, 2)}");
    }

    private static (TokenizedText Text, EncodedText Encoded) Encode(string text, bool keepHeads = true)
    {
        Assert.SkipUnless(MiniLm.IsIn(folder), $"the model was not fetched into {folder}");
        TokenizedText tokens = model.Value.Tokenizer.Tokenize(text);
        return (tokens, new ReferenceEncoder(model.Value.Weights).Run(tokens.Ids.AsSpan(), keepHeads));
    }

    private static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6);
    }
}

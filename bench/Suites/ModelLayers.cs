using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>
/// A model as its layers and its ends, from its paper and published configuration; see <see cref="NamedShapes"/> for its attention.
/// </summary>
/// <param name="Layer">One layer, and how many of them there are.</param>
/// <param name="Ends">Embedding and, where the model has one, softmax over the vocabulary; null where the suites leave them out.</param>
/// <param name="EndKernels">The kernels of <paramref name="Ends"/>.</param>
public sealed record ModelLayers(NamedProblem Layer, NamedProblem? Ends, params string[] EndKernels)
{
    private const int BertWords = 30522, Gpt2Words = 50257;

    private const string Embedding = "layers-tiled-embedding", Vocabulary = "layers-tiled-vocabulary";

    /// <summary>
    /// all-MiniLM-L6-v2: 6 layers, 12 heads of 32 channels, width 384, feed-forward 1,536. Wang et al. 2020; the published config.json. It embeds sentences,
    /// and has no softmax over its vocabulary.
    /// </summary>
    public static ModelLayers MiniLm { get; } = OfWords("minilm", 6, new(new(1, 12, 12, 256, 256, 32), 384), BertWords, Embedding);

    /// <summary>BERT-base with a softmax at every token, as in training: 12 layers, width 768, feed-forward 3,072. Devlin et al. 2019, section 3.</summary>
    public static ModelLayers BertBase { get; } = OfWords("bert-base", 12, new(NamedShapes.BertBase.Problem, 768), BertWords, Embedding, Vocabulary);

    /// <summary>
    /// GPT-2, 124 M parameters, with a softmax at every token: 12 layers, width 768, feed-forward 3,072, causal. Radford et al. 2019, section 2.3.
    /// </summary>
    public static ModelLayers Gpt2Small { get; } = OfWords("gpt2-small", 12, new(NamedShapes.Gpt2Small.Problem, 768), Gpt2Words, Embedding, Vocabulary);

    /// <summary>ViT-B/16: 12 layers, width 768, feed-forward 3,072, patches of 16 pixels. Dosovitskiy et al. 2021, table 1.</summary>
    public static ModelLayers VitB16 { get; } = new(
        Named("vit-b16", 12, new(NamedShapes.VitB16.Problem, 768)), Named("vit-b16", 1, new(new(1, 3, 3, 197, 197, 16), 768)), "layers-tiled-patches");

    /// <summary>
    /// Llama 3 8B: 32 layers, width 4,096, feed-forward 14,336, 32 heads on 8 kv heads. Llama Team 2024, table 3. The matrix of its 128,256 words has 2 GiB,
    /// and is left out.
    /// </summary>
    public static ModelLayers Llama3 { get; } = new(Named("llama3-8b", 32, new(NamedShapes.Llama3.Problem, 4096, 14336)), Ends: null);

    /// <summary>
    /// stories260K: 5 layers, width 64, feed-forward 172. doc/stories260K.md in github.com/karpathy/llama2.c. Small as it is, no suite measures it.
    /// </summary>
    public static ModelLayers TinyStories260K { get; } = new(Named("tinystories-260k", 5, new(NamedShapes.TinyStories260K.Problem, 64, 172)), Ends: null);

    /// <summary>Those of the suites.</summary>
    public static IReadOnlyList<ModelLayers> All { get; } = [MiniLm, BertBase, Gpt2Small, VitB16, Llama3];

    /// <summary>A problem of a model with another length and mask.</summary>
    public static NamedProblem At(NamedProblem part, int length, AttentionMask mask)
    {
        AttentionProblem shape = part.Problem;
        return part with { Problem = shape.On(new(shape.Batch, shape.Heads, shape.KvHeads, length, length, shape.HeadDim, mask)) };
    }

    // The vocabulary is the hidden width of embedding and softmax.
    private static ModelLayers OfWords(string name, int layers, LayerProblem layer, int words, params string[] ends) =>
        new(Named(name, layers, layer), Named(name, 1, new(layer.Core, layer.Width, words)), ends);

    private static NamedProblem Named(string name, int times, LayerProblem problem) => new(name, problem) { TimesInModel = times };
}

using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>A layer of well-known models, from their papers and published configurations; see <see cref="NamedShapes"/> for their attention.</summary>
public static class ModelLayers
{
    /// <summary>all-MiniLM-L6-v2: 12 heads of 32 channels, width 384, feed-forward 1,536. Wang et al. 2020; the published config.json.</summary>
    public static NamedProblem MiniLm { get; } = new("minilm", new LayerProblem(new(1, 12, 12, 256, 256, 32), 384));

    /// <summary>BERT-base: width 768, feed-forward 3,072. Devlin et al. 2019, section 3.</summary>
    public static NamedProblem BertBase { get; } = new("bert-base", new LayerProblem(NamedShapes.BertBase.Problem, 768));

    /// <summary>GPT-2, 124 M parameters: width 768, feed-forward 3,072, causal. Radford et al. 2019, section 2.3.</summary>
    public static NamedProblem Gpt2Small { get; } = new("gpt2-small", new LayerProblem(NamedShapes.Gpt2Small.Problem, 768));

    /// <summary>ViT-B/16: width 768, feed-forward 3,072. Dosovitskiy et al. 2021, table 1.</summary>
    public static NamedProblem VitB16 { get; } = new("vit-b16", new LayerProblem(NamedShapes.VitB16.Problem, 768));

    /// <summary>Llama 3 8B: width 4,096, feed-forward 14,336, 32 heads on 8 kv heads. Llama Team 2024, table 3.</summary>
    public static NamedProblem Llama3 { get; } = new("llama3-8b", new LayerProblem(NamedShapes.Llama3.Problem, 4096, 14336));

    /// <summary>stories260K: width 64, feed-forward 172. doc/stories260K.md in github.com/karpathy/llama2.c.</summary>
    public static NamedProblem TinyStories260K { get; } = new("tinystories-260k", new LayerProblem(NamedShapes.TinyStories260K.Problem, 64, 172));
}

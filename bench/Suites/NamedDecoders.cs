using Kernels.Abstractions;
using Kernels.Measurement;
using Kernels.Models.Decoding;

namespace Kernels.Bench.Suites;

/// <summary>Whole decoders of well-known models, from their papers and published configurations; see <see cref="ModelLayers"/> for a layer of each.</summary>
internal static class NamedDecoders
{
    /// <summary>
    /// By the name of the shape: stories260K has 5 layers and 512 tokens; Llama 3 8B 32 layers, 128,256 tokens and the base 500,000 (Llama Team 2024, table
    /// 3).
    /// </summary>
    public static IReadOnlyDictionary<string, DecoderShape> All { get; } = new Dictionary<string, DecoderShape>
    {
        [ModelLayers.TinyStories260K.Layer.Shape!] = Of(ModelLayers.TinyStories260K.Layer, 512, TransformerLayer.UsualRotaryBase),
        [ModelLayers.Llama3.Layer.Shape!] = Of(ModelLayers.Llama3.Layer, 128_256, 500_000),
    };

    private static DecoderShape Of(NamedProblem layer, int vocabulary, double rotaryBase)
    {
        var problem = (LayerProblem)layer.Problem;
        return new(layer.TimesInModel!.Value, problem.Heads, problem.KvHeads, problem.HeadDim,
            problem.Width, problem.Hidden, vocabulary, TransformerLayer.UsualEpsilon, rotaryBase);
    }
}

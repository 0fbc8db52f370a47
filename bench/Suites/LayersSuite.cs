using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>
/// Whole layers of well-known models against length, with the shares of their parts, and the models' ends; the same with other attention in them; and
/// multi-head attention against the width of its heads.
/// </summary>
internal static class LayersSuite
{
    // Attention in a layer other than its own flash attention: one that writes all scores of a tile of queries, and a linear one.
    private const string ThreePass = "+simd-avx512|+simd-avx2|+simd-portable", Linear = "+linear-elu-chunked";

    private static readonly string[] cores = ["", ThreePass, Linear];

    public static Suite Suite { get; } = new()
    {
        Name = "layers",
        Summary = "layers and ends of MiniLM, BERT-base, GPT-2 small, ViT-B/16 and Llama 3 8B, 64 … 16384 tokens, flash, three-pass, window and linear "
            + "attention, 1 thread; where their time goes; 10 minutes on 2 cores",
        Entries =
        [
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Full, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Full, ["", Linear], 16384),
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Window(256, 256), [""], 1024, 4096, 16384),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Full, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Full, [""], 128, 512, 2048),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Window(256, 256), [""], 1024, 4096),
            .. Model(ModelLayers.Gpt2Small, "encoder-layer-pre", AttentionMask.Causal, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.Gpt2Small, "encoder-layer-pre", AttentionMask.Window(511, 0), [""], 1024, 4096),
            // Images of 112, 224, 448 and 896 pixels.
            .. Model(ModelLayers.VitB16, "encoder-layer-pre", AttentionMask.Full, cores, 50, 197, 785, 3137),
            .. Model(ModelLayers.Llama3, "llama-layer", AttentionMask.Causal, [""], 64, 256, 1024),
            .. from headDim in new[] { 16, 32, 64, 128, 256 }
               let problem = new LayerProblem(new(1, 4, 4, 2048, 2048, headDim), 4 * headDim, 4 * headDim)
               select new SuiteEntry(new NamedProblem("head-dim", problem), SuiteThreads.One) { Kernels = new SuiteKernels("layers-tiled-multi-head") },
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>The ends of a model, then its layer around each core, at each length; the textbook's layer at the first.</summary>
    private static IEnumerable<SuiteEntry> Model(ModelLayers model, string layer, AttentionMask mask, string[] cores, params int[] lengths)
    {
        foreach (int length in lengths)
        {
            // Under another mask the ends are the same.
            if (model.Ends is { } ends && mask is not WindowMask)
                yield return new SuiteEntry(ModelLayers.At(ends, length, mask), SuiteThreads.One) { Kernels = new SuiteKernels(model.EndKernels) };
            yield return new SuiteEntry(ModelLayers.At(model.Layer, length, mask), SuiteThreads.One)
            {
                Kernels = new SuiteKernels([.. cores.Select(core => string.Join('|', core.Split('|').Select(each => $"layers-tiled-{layer}{each}")))]),
            };
        }
    }
}

using Kernels.Abstractions;
using Kernels.Flash.Decode;
using Kernels.Flash.Tiles;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class LayerKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        .. Transformers.Select(operation => new NaiveLayer($"layers-naive-{operation.Name}", operation)),
        .. Transformers.Select(operation => Tiled(operation, Format.Float32)),
        Tiled(Operations.LlamaLayer, Format.BFloat16),
        Tiled(Operations.LlamaCached, Format.BFloat16),
        .. Ends.Select(operation => new NaiveEnds(operation)),
        .. InstructionSet.Widest<TiledOfEnds, IReadOnlyList<Kernel>>(),
        .. RecurrentKernels.Naive,
        .. RecurrentKernels.Tiled,
    ];

    private static IEnumerable<LayerOperation> Transformers => Operations.Layers.Where(operation => operation is MultiHeadAttention or TransformerLayer);

    private static IEnumerable<LayerOperation> Ends => Operations.Layers.Where(operation => operation is Embedding or Patches or Vocabulary);

    /// <summary>The tiled kernel of a layer for the widest vectors of this machine.</summary>
    /// <param name="operation">The layer.</param>
    /// <param name="format">Of the weights.</param>
    /// <param name="core">The attention kernel; when null, decoding for few queries, tiles for many.</param>
    public static Kernel Tiled(LayerOperation operation, Format format, Kernel? core = null)
    {
        IAroundCore kernel = InstructionSet.WhyNot<Avx512>() is null ? Create<Avx512Interleaved, Avx512>(operation, format)
            : InstructionSet.WhyNot<Avx2>() is null ? Create<Avx2, Avx2>(operation, format)
            : Create<Portable, Portable>(operation, format);
        return core is null ? (Kernel)kernel : kernel.Around(core);
    }

    private static TiledLayer<TSet> Create<TSet, TDecode>(LayerOperation operation, Format format)
        where TDecode : struct, IInstructionSet
        where TSet : struct, IInstructionSet
    {
        bool narrow = format != Format.Float32;
        string name = $"layers-tiled-{operation.Name}";
        return new(
            narrow ? $"{name}-bf16" : name,
            narrow ? "weights in bfloat16, widened as their panels are copied: half the bytes to read" : "products in register tiles from panels in cache, flash attention between them",
            narrow ? name : $"layers-naive-{operation.Name}", operation, format,
            [
                .. operation is TransformerLayer { Cached: true } ? (Kernel[])[new FlashDecode<TDecode>("flash-decode", "within a layer", "", Operations.Softmax, Format.Float32)] : [],
                new Flash<TSet>("flash", "within a layer", "", Operations.Softmax, Format.Float32),
            ]);
    }

    private readonly struct TiledOfEnds : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TWidest>()
            where TWidest : struct, IInstructionSet =>
            [.. Ends.Select(operation => new TiledEnds<TWidest>(operation, Format.Float32)), new TiledEnds<TWidest>(Operations.Vocabulary, Format.BFloat16)];
    }
}

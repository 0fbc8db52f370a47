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
        .. Transformers.Select(operation => new NaiveLayer(operation)),
        // With a linear kernel in it, which is another project's, a tiled layer is layer+kernel.
        .. Transformers.Where(operation => !operation.Linear).Select(operation => Tiled(operation, Format.Float32)),
        Tiled(Operations.LlamaLayer, Format.BFloat16),
        Tiled(Operations.LlamaCached, Format.BFloat16),
        .. Ends.Select(operation => new NaiveEnds(operation)),
        .. InstructionSet.Widest<TiledOfEnds, IReadOnlyList<Kernel>>(),
        .. RecurrentKernels.Naive,
        .. RecurrentKernels.Tiled,
    ];

    /// <summary>The fastest kernel of an operation in a format, the last of the list.</summary>
    public static Kernel Fastest(Operation operation, Format format) => All.Last(kernel => kernel.Info.Operation == operation && kernel.Info.Format == format);

    private static IEnumerable<AttentionLayer> Transformers => Operations.Layers.OfType<AttentionLayer>();

    private static IEnumerable<LayerOperation> Ends => Operations.Layers.Where(operation => operation is Embedding or Patches or Vocabulary or Projection);

    /// <summary>The tiled kernel of a layer for the widest vectors of this machine.</summary>
    /// <param name="operation">The layer.</param>
    /// <param name="format">Of the weights.</param>
    /// <param name="core">The attention kernel; when null, decoding for few queries, tiles for many.</param>
    /// <exception cref="ArgumentException">The attention of the layer is linear and there is no core for it, or weights that are [in, out] are not
    /// float32.</exception>
    public static Kernel Tiled(AttentionLayer operation, Format format, Kernel? core = null)
    {
        if (operation.Linear && core is null)
            throw new ArgumentException($"{operation} needs a kernel of {operation.Attention} in it.", nameof(core));
        if (format != Format.Float32 && operation.WeightOrder == WeightOrder.InOut)
            throw new ArgumentException($"{operation} has weights as [in, out], which are read in float32 alone, not in {format}.", nameof(format));
        IAroundCore kernel = InstructionSet.WhyNot<Avx512>() is null ? Create<Avx512Interleaved, Avx512>(operation, format)
            : InstructionSet.WhyNot<Avx2>() is null ? Create<Avx2, Avx2>(operation, format)
            : Create<Portable, Portable>(operation, format);
        return core is null ? (Kernel)kernel : kernel.Around(core);
    }

    /// <summary>Why a kernel cannot be the attention in a layer; null when it can.</summary>
    public static string? WhyNotCore(Kernel kernel, AttentionLayer layer)
    {
        KernelInfo info = kernel.Info;
        // What is named after other attention keeps it.
        IReadOnlyList<AttentionOperation> possible = layer.Attention == Operations.Softmax ? AttentionLayer.Attentions : [layer.Attention];
        return info.Operation is not AttentionOperation attention || !possible.Contains(attention) || info.Format != Format.Float32
            ? $"{info.Name} computes {info.Operation} in {info.Format}, not {string.Join(" or ", possible)} in float32"
            : kernel.Backend is { } backend ? $"{info.Name} runs on {backend.Name}, not in this process"
            : null;
    }

    // TPlain is the context without fused register tiles, which are none for decoding and none with a bias.
    private static TiledLayer<TSet> Create<TSet, TPlain>(AttentionLayer operation, Format format)
        where TPlain : struct, IInstructionSet
        where TSet : struct, IInstructionSet
    {
        bool narrow = format != Format.Float32;
        string name = $"layers-tiled-{operation.Name}";
        return new(
            narrow ? $"{name}-bf16" : name,
            narrow ? "weights in bfloat16, widened as their panels are copied: half the bytes to read"
                : "products in register tiles from panels in cache, flash attention between them",
            narrow ? name : $"layers-naive-{operation.Name}", operation, format,
            operation.Attention is not SoftmaxAttention softmax ? [] :
            [
                .. operation is TransformerLayer { Cached: true }
                    ? (Kernel[])[new FlashDecode<TPlain>("flash-decode", "within a layer", "", softmax, Format.Float32)] : [],
                operation.Alibi ? Tiles<TPlain>(softmax) : Tiles<TSet>(softmax),
            ]);
    }

    private static Flash<TSet> Tiles<TSet>(SoftmaxAttention core)
        where TSet : struct, IInstructionSet =>
        new("flash", "within a layer", "", core, Format.Float32);

    private readonly struct TiledOfEnds : IForInstructionSet<IReadOnlyList<Kernel>>
    {
        public static IReadOnlyList<Kernel> For<TWidest>()
            where TWidest : struct, IInstructionSet =>
            [.. Ends.Select(operation => new TiledEnds<TWidest>(operation, Format.Float32)), new TiledEnds<TWidest>(Operations.Vocabulary, Format.BFloat16)];
    }
}

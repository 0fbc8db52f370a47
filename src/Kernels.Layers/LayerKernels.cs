using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class LayerKernels
{
    /// <summary>All of them, around the fastest tiles of this suite; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } = Around(core: null);

    /// <summary>All of them, the tiled ones around another attention kernel.</summary>
    /// <param name="core">A kernel of <see cref="Operations.Softmax"/> in float32; when null, the fastest tiles that this machine runs.</param>
    public static IReadOnlyList<Kernel> Around(Kernel? core) =>
    [
        .. Operations.Layers.Select(operation => new NaiveLayer($"layers-naive-{operation.Name}", operation)),
        .. Operations.Layers.Select(operation => Tiled(operation, Format.Float32, core)),
        Tiled(Operations.LlamaLayer, Format.BFloat16, core),
        Tiled(Operations.LlamaCached, Format.BFloat16, core),
    ];

    /// <summary>The tiled kernel of a layer for the widest vectors of this machine.</summary>
    public static Kernel Tiled(LayerOperation operation, Format format, Kernel? core = null) =>
        InstructionSet.WhyNot<Avx512>() is null ? Create<Avx512Interleaved>(operation, format, core)
        : InstructionSet.WhyNot<Avx2>() is null ? Create<Avx2>(operation, format, core)
        : Create<Portable>(operation, format, core);

    private static TiledLayer<TSet> Create<TSet>(LayerOperation operation, Format format, Kernel? core)
        where TSet : struct, IInstructionSet
    {
        bool narrow = format != Format.Float32;
        string name = $"layers-tiled-{operation.Name}";
        return new(
            narrow ? $"{name}-bf16" : name,
            narrow ? "weights in bfloat16, widened as their panels are copied: half the bytes to read" : "products in register tiles from panels in cache, flash attention between them",
            narrow ? name : $"layers-naive-{operation.Name}", operation, format,
            core ?? new Flash<TSet>("flash-core", "within a layer", "naive-online-softmax", Operations.Softmax, Format.Float32));
    }
}

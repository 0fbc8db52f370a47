using Kernels.Abstractions;
using Kernels.Gpu.Cuda;

namespace Kernels.Tests.Cuda;

/// <summary>An attention kernel as the interpreter runs it.</summary>
/// <param name="Name">How tests call it.</param>
/// <param name="Element">Of q, k and v.</param>
/// <param name="Entry">Its entry for a head dimension.</param>
/// <param name="TileKeys">Keys of a tile for a head dimension, as in attention.cu.</param>
/// <param name="LanesOfRow">Lanes that share a row.</param>
internal sealed record InterpretedKernel(string Name, Element Element, Func<int, CudaEntry> Entry, Func<int, int> TileKeys, int LanesOfRow)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<InterpretedKernel> All { get; } =
    [
        new("f32", Element.Float32, CudaEntries.FlashF32, d => 4096 / d, 16),
        .. OfHalves("", CudaEntries.FlashMma, _ => 64),
        .. OfHalves("wgmma-", CudaEntries.FlashWgmma, _ => 128),
        new("decode-f32", Element.Float32, d => CudaEntries.Decode(Element.Float32, d), d => 4096 / d, 16),
        .. OfHalves("decode-", CudaEntries.Decode, d => 4096 / d),
    ];

    /// <summary>Whether two entries compute it, one of parts and one that joins them.</summary>
    public bool Decodes => Name.StartsWith("decode-", StringComparison.Ordinal);

    /// <summary>Whether it can write outputs in the type of its inputs.</summary>
    public bool CanRound => OnTensorCores && !Decodes;

    /// <summary>Whether four warps multiply together.</summary>
    public bool ByWarpgroups => Name.StartsWith("wgmma-", StringComparison.Ordinal);

    /// <summary>Whether the products are of tensor cores.</summary>
    public bool OnTensorCores => Element != Element.Float32;

    /// <summary>The kernel of a name.</summary>
    public static InterpretedKernel Of(string name) => All.Single(kernel => kernel.Name == name);

    /// <summary>The kernel of an entry, and the head dimension of the entry.</summary>
    public static (InterpretedKernel Kernel, int HeadDim) OfEntry(string entry) => All
        .SelectMany(kernel => CudaEntries.HeadDims.Select(headDim => (kernel, headDim)))
        .Single(each => each.kernel.Entry(each.headDim).Name == entry);

    private static IEnumerable<InterpretedKernel> OfHalves(string prefix, Func<Element, int, CudaEntry> entry, Func<int, int> tileKeys) =>
        new[] { ("f16", Element.Float16), ("bf16", Element.BFloat16) }
            .Select(each => new InterpretedKernel(prefix + each.Item1, each.Item2, d => entry(each.Item2, d), tileKeys, 4));
}

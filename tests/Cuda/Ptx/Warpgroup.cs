namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Four warps, the first of a number that is a multiple of four, which must start the same products in the same order.</summary>
internal sealed class Warpgroup
{
    public const int Warps = 4;

    private readonly List<Started> products = [];
    private readonly int[] counts = new int[Warps];

    /// <summary>One product: where in the program, between which barriers, and of what.</summary>
    public readonly record struct Started(int Line, int Barriers, ulong Left, ulong Right, bool Adds);

    /// <summary>A warp starts a product; the complaint when another warp started another in its place.</summary>
    public PtxException? Start(int warp, Started product)
    {
        int index = counts[warp]++;
        if (index == products.Count)
            products.Add(product);
        return products[index] == product
            ? null
            : new(PtxComplaint.Divergent, product.Line, $"warp {warp} of the warpgroup starts {product} where another started {products[index]}");
    }

    /// <summary>All warps have ended: the complaint when one started fewer products than another.</summary>
    public PtxException? End() => Array.FindIndex(counts, count => count != products.Count) is >= 0 and var warp
        ? new(PtxComplaint.Divergent, products[counts[warp]].Line, $"warp {warp} of the warpgroup never starts this product")
        : null;
}

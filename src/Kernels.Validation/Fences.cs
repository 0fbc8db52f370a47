using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>The fences around the buffers of a call.</summary>
/// <param name="Kind">The kind of fence.</param>
/// <param name="Only">The one buffer that it surrounds, by name, while the others have sentinels; all when null.</param>
public readonly record struct Fences(Fence Kind = Fence.Sentinels, string? Only = null)
{
    /// <summary>Name of the memory that a call needs besides its operands.</summary>
    public const string Scratch = "scratch";

    /// <summary>The fence around a buffer.</summary>
    public Fence Around(string buffer) => Only is null || Only == buffer ? Kind : Fence.Sentinels;
}

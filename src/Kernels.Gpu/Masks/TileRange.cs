using Kernels.Abstractions;

namespace Kernels.Gpu.Masks;

/// <summary>The keys that a tile of queries sees.</summary>
/// <param name="Any">The keys that some query of the tile sees, which the tile must visit.</param>
/// <param name="All">The keys that all of them see, which need no masking.</param>
public readonly record struct TileRange(KeyRange Any, KeyRange All);

using Kernels.Abstractions;

namespace Kernels.Gpu.Masks;

/// <summary>What a tile of queries sees.</summary>
/// <param name="Any">The keys that some query of the tile sees: what the tile must visit.</param>
/// <param name="All">The keys that all of them see: what needs no masking.</param>
public readonly record struct TileRange(KeyRange Any, KeyRange All);

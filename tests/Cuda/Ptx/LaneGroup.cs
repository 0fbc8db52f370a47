namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Lanes of a warp that are at the same instruction.</summary>
/// <param name="At">The instruction.</param>
/// <param name="Lanes">One bit a lane.</param>
/// <param name="Waits">Whether they wait there for other lanes, or for other warps.</param>
internal readonly record struct LaneGroup(int At, uint Lanes, bool Waits);

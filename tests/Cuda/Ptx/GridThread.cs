namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A thread of a launch, and how often it has met others when it touches memory.</summary>
/// <param name="Number">In the grid.</param>
/// <param name="Block">The number of the first thread of its block.</param>
/// <param name="Meetings">Of its warp, at barriers of the warp and of the block.</param>
/// <param name="Barriers">Of its block.</param>
internal readonly record struct GridThread(long Number, long Block, int Meetings, int Barriers)
{
    public long Warp => (Number - Block) / Ptx.Warp.Lanes;
}

using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash.Distances;

/// <summary>scores[key] += slope·|key − offset|, with keys across the lanes.</summary>
internal readonly unsafe struct RowDistances(float* scores, int keys, float slope, float offset) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        float* first = stackalloc float[CacheLine.Floats];
        for (int lane = 0; lane < TSimd.Width; lane++)
            first[lane] = lane;
        TVector numbers = TSimd.Load(first), slopes = TSimd.Create(slope), offsets = TSimd.Create(offset), step = TSimd.Create(TSimd.Width);
        for (int key = 0; key < keys; key += TSimd.Width)
        {
            TVector distances = TSimd.Max(TSimd.Subtract(numbers, offsets), TSimd.Subtract(offsets, numbers));
            TSimd.Store(TSimd.MultiplyAdd(slopes, distances, TSimd.Load(scores + key)), scores + key);
            numbers = TSimd.Add(numbers, step);
        }
    }
}

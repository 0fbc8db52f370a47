using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>Heads turned back by their positions. An item is some positions of every sequence, because their angles are the same in all sequences and heads.</summary>
internal sealed unsafe class RotaryBackwardStep<TSet>(RotaryBackward operation, LayerProblem problem) : LayerStep
    where TSet : struct, IInstructionSet
{
    private readonly int half = problem.HeadDim / 2;

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Projections;

    /// <inheritdoc/>
    public override int Items => (problem.Queries - 1) / Angles.Positions + 1;

    /// <inheritdoc/>
    public override long ThreadBytes => CacheLine.Bytes + (sizeof(double) * Angles.OfPair + 2L * sizeof(float)) * half;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        double* turns = (double*)CacheLine.Align((float*)call.Own);
        float* cosines = (float*)(turns + Angles.OfPair * (nint)half), sines = cosines + half;
        var angles = new Angles(turns, half, problem.HeadDim, operation.Base);
        int begin = item * Angles.Positions;
        angles.Begin(problem.Keys - problem.Queries + begin);
        for (int token = begin; token < Math.Min(problem.Queries, begin + Angles.Positions); token++)
        {
            if (token > begin)
                angles.Turn();
            for (int pair = 0; pair < half; pair++)
                (cosines[pair], sines[pair]) = (angles.Cos(pair), angles.Sin(pair));
            for (int head = 0; head < problem.Batch * problem.Heads; head++)
            {
                (int batch, int own) = Math.DivRem(head, problem.Heads);
                var back = new TurnedBack(call[0].At<float>(batch, own, token), call[1].At<float>(batch, own, token), cosines, sines, half);
                TSet.Run(ref back);
            }
        }
    }

    private readonly struct TurnedBack(float* dy, float* dx, float* cosines, float* sines, int half) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            int i = 0;
            for (; i <= half - TSimd.Width; i += TSimd.Width)
            {
                TVector a = TSimd.Load(dy + i), b = TSimd.Load(dy + half + i), cos = TSimd.Load(cosines + i), sin = TSimd.Load(sines + i);
                TSimd.Store(TSimd.MultiplyAdd(a, cos, TSimd.Multiply(b, sin)), dx + i);
                TSimd.Store(TSimd.Subtract(TSimd.Multiply(b, cos), TSimd.Multiply(a, sin)), dx + half + i);
            }
            for (; i < half; i++)
            {
                float a = dy[i], b = dy[half + i];
                dx[i] = a * cosines[i] + b * sines[i];
                dx[half + i] = b * cosines[i] - a * sines[i];
            }
        }
    }
}

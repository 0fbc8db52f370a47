using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Scores of words become probabilities in place. An item is a row.</summary>
internal sealed unsafe class WordSoftmaxStep<TSet>(LayerProblem problem, Rows rows) : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Vocabulary;

    /// <inheritdoc/>
    public override int Items => problem.Batch * problem.Queries;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        float* row = rows.Of(call) + (nint)item * problem.Hidden;
        var softmax = new Softmax(row, problem.Hidden);
        TSet.Run(ref softmax);
    }

    private readonly struct Softmax(float* row, int count) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            int whole = count / TSimd.Width * TSimd.Width;
            TVector maxima = TSimd.Create(float.MinValue), sums = default;
            for (int c = 0; c < whole; c += TSimd.Width)
                maxima = TSimd.Max(TSimd.Load(row + c), maxima);
            float max = TSimd.MaxAcross(maxima), sum = 0;
            for (int c = whole; c < count; c++)
                max = row[c] > max ? row[c] : max;
            // A NaN leaves the maximum, and makes its weight, the sum and the row NaN.
            TVector largest = TSimd.Create(max);
            for (int c = 0; c < whole; c += TSimd.Width)
            {
                TVector weight = VectorExp.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(row + c), largest));
                TSimd.Store(weight, row + c);
                sums = TSimd.Add(sums, weight);
            }
            for (int c = whole; c < count; c++)
                sum += row[c] = MathF.Exp(row[c] - max);
            // Quotients, because a factor 1/sum would round twice.
            float total = sum + TSimd.SumAcross(sums);
            TVector totals = TSimd.Create(total);
            for (int c = 0; c < whole; c += TSimd.Width)
                TSimd.Store(TSimd.Divide(TSimd.Load(row + c), totals), row + c);
            for (int c = whole; c < count; c++)
                row[c] /= total;
        }
    }
}

using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Norms of rows, in place or elsewhere; an item is a few rows.</summary>
internal sealed unsafe class NormStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    private const int RowsOfItem = 16;

    /// <summary>[rows, width].</summary>
    public required Rows X { get; init; }

    /// <summary>[rows, width]; may be x.</summary>
    public required Rows Output { get; init; }

    /// <summary>Rows.</summary>
    public required int RowCount { get; init; }

    /// <summary>Numbers of a row.</summary>
    public required int Width { get; init; }

    /// <summary>Place of the gain; the shift is the next operand.</summary>
    public required int Gain { get; init; }

    /// <summary>Kind and ε.</summary>
    public required TransformerLayer Layer { get; init; }

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Norms;

    /// <inheritdoc/>
    public override int Items => (RowCount - 1) / RowsOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        float* gain = (float*)call[Gain].Start, shift = (float*)call[Gain + 1].Start, x = X.Of(call), output = Output.Of(call);
        for (int row = item * RowsOfItem; row < Math.Min(RowCount, (item + 1) * RowsOfItem); row++)
        {
            var norm = new Norm(x + (nint)row * Width, gain, shift, output + (nint)row * Width, Width, Layer.RootMeanSquare, (float)Layer.Epsilon);
            TSet.Run(ref norm);
        }
    }

    /// <summary>One row, in three passes over a cache line after another: mean, squares of the differences, output.</summary>
    private readonly struct Norm(float* x, float* gain, float* shift, float* output, int width, bool rootMeanSquare, float epsilon) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            float mean = 0;
            int c;
            if (!rootMeanSquare)
            {
                TVector sums = default;
                for (c = 0; c <= width - TSimd.Width; c += TSimd.Width)
                    sums = TSimd.Add(sums, TSimd.Load(x + c));
                mean = TSimd.SumAcross(sums);
                for (; c < width; c++)
                    mean += x[c];
                mean /= width;
            }
            TVector means = TSimd.Create(mean), squares = default;
            for (c = 0; c <= width - TSimd.Width; c += TSimd.Width)
            {
                TVector centred = TSimd.Subtract(TSimd.Load(x + c), means);
                squares = TSimd.MultiplyAdd(centred, centred, squares);
            }
            float square = TSimd.SumAcross(squares);
            for (; c < width; c++)
                square += (x[c] - mean) * (x[c] - mean);
            float factor = 1 / MathF.Sqrt(square / width + epsilon);
            TVector factors = TSimd.Create(factor);
            for (c = 0; c <= width - TSimd.Width; c += TSimd.Width)
            {
                TVector centred = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + c), means), factors);
                TSimd.Store(TSimd.MultiplyAdd(centred, TSimd.Load(gain + c), TSimd.Load(shift + c)), output + c);
            }
            for (; c < width; c++)
                output[c] = (x[c] - mean) * factor * gain[c] + shift[c];
        }
    }
}

using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.Gradients;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Simd;

/// <summary>
/// The gradients of softmax attention by five matrix products for a tile of queries and all keys that it sees: scores and dP, then the
/// weights and dS as vectors, then dV, dK and dQ. Scores, and the gradients of all keys, leave the cache, which FlashAttention avoids; and
/// only heads run in parallel, because all tiles add to the same dK and dV.
/// </summary>
/// <typeparam name="TSet">The instruction set.</typeparam>
/// <param name="name">Name of the kernel.</param>
/// <param name="idea">What this instruction set changes; for the first one, the idea of the kernel.</param>
/// <param name="buildsOn">Name of the kernel that it builds on.</param>
public sealed unsafe class BackwardThreePass<TSet>(string name, string idea, string buildsOn) : AttentionKernel
    where TSet : struct, IInstructionSet
{
    // Whole blocks of the matrix product's 6 rows.
    private const int Tile = 48;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(name, idea, Operations.SoftmaxBackward) { BuildsOn = buildsOn };

    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected override Takes Takes => Takes.ValueDim | Takes.Strides;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem)
    {
        long lanes = InstructionSet.WholeVectors<TSet>(problem.Keys);
        long q = InstructionSet.WholeVectors<TSet>(problem.HeadDim), v = InstructionSet.WholeVectors<TSet>(problem.ValueDim);
        long floats = lanes * (problem.HeadDim + problem.ValueDim) + problem.Keys * (2 * q + v) + Tile * (2 * q + v + 2 * lanes) + 2 * Tile;
        return new(problem.Batch * problem.KvHeads) { ThreadBytes = sizeof(float) * floats };
    }

    /// <inheritdoc/>
    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int d = problem.HeadDim, valueDim = problem.ValueDim, keys = problem.Keys, lanes = InstructionSet.WholeVectors<TSet>(keys);
        int width = InstructionSet.WholeVectors<TSet>(d), valueWidth = InstructionSet.WholeVectors<TSet>(valueDim);
        float* next = (float*)call.Own;
        MatrixView Take(int rows, int columns)
        {
            var view = new MatrixView(next, columns);
            next += (nint)rows * columns;
            return view;
        }

        MatrixView keyColumns = Take(d, lanes), valueColumns = Take(valueDim, lanes);
        MatrixView keyRows = Take(keys, width), gradK = Take(keys, width), gradV = Take(keys, valueWidth);
        MatrixView q = Take(Tile, width), gradO = Take(Tile, valueWidth), gradQ = Take(Tile, width), weights = Take(Tile, lanes), gradS = Take(Tile, lanes);
        float* lses = next, sums = next + Tile;

        float* k = call.K.At<float>(batch, kvHead), v = call.V.At<float>(batch, kvHead);
        Transpose.Copy(k, call.K.Layout.TokenStride, keys, d, keyColumns.Start, lanes);
        Transpose.Copy(v, call.V.Layout.TokenStride, keys, valueDim, valueColumns.Start, lanes);
        Copy(call.K, batch, kvHead, 0, keys, keyRows);
        new Span<float>(gradK.Start, keys * width).Clear();
        new Span<float>(gradV.Start, keys * valueWidth).Clear();
        int group = problem.Heads / problem.KvHeads;
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            for (int begin = 0; begin < problem.Queries; begin += Tile)
            {
                int rows = Math.Min(Tile, problem.Queries - begin);
                // Whole vectors of keys; those added are hidden.
                KeyRange seen = problem.KeysSeenByAny(begin, begin + rows);
                int first = seen.Begin / TSet.Width * TSet.Width, columns = InstructionSet.WholeVectors<TSet>(seen.End - first), count = seen.End - first;
                if (seen.IsEmpty)
                {
                    new Span<float>(gradQ.Start, rows * width).Clear();
                    Write(gradQ, rows, 1, call[SoftmaxBackward.GradQ], batch, head, begin);
                    continue;
                }
                Copy(call.Q, batch, head, begin, rows, q);
                Copy(call[SoftmaxBackward.GradO], batch, head, begin, rows, gradO);
                for (int row = 0; row < rows; row++)
                {
                    var dot = new RowDot(gradO.From(row, 0).Start, call.O.At<float>(batch, head, begin + row), valueDim);
                    TSet.Run(ref dot);
                    (sums[row], lses[row]) = (dot.Value, *call.Lse.At<float>(batch, head, begin + row));
                }
                MatrixView seenWeights = weights.From(0, first), seenGradS = gradS.From(0, first);
                TSet.MultiplyMatrix(rows, d, columns, q, keyColumns.From(0, first), seenWeights, add: false);
                TSet.MultiplyMatrix(rows, valueDim, columns, gradO, valueColumns.From(0, first), seenGradS, add: false);
                var loop = new GradientWeights(
                    rows, columns, seenWeights.Start, seenGradS.Start, null, lanes, problem.Scale, lses, sums);
                TSet.Run(ref loop);
                for (int row = 0; row < rows; row++)
                {
                    KeyRange visible = problem.VisibleKeys(begin + row);
                    visible = visible.IsEmpty ? new(seen.End, seen.End) : visible;
                    Hide(weights.From(row, 0).Start, first, visible, seen.End);
                    Hide(gradS.From(row, 0).Start, first, visible, seen.End);
                }
                TSet.MultiplyMatrix(count, rows, valueWidth, seenWeights.Transposed, gradO, gradV.From(first, 0), add: true);
                TSet.MultiplyMatrix(count, rows, width, seenGradS.Transposed, q, gradK.From(first, 0), add: true);
                TSet.MultiplyMatrix(rows, count, width, seenGradS, keyRows.From(first, 0), gradQ, add: false);
                Write(gradQ, rows, problem.Scale, call[SoftmaxBackward.GradQ], batch, head, begin);
            }
        }
        Write(gradK, keys, problem.Scale, call[SoftmaxBackward.GradK], batch, kvHead, 0);
        Write(gradV, keys, 1, call[SoftmaxBackward.GradV], batch, kvHead, 0);
    }

    private static void Hide(float* row, int begin, KeyRange visible, int end)
    {
        new Span<float>(row + begin, visible.Begin - begin).Clear();
        new Span<float>(row + visible.End, end - visible.End).Clear();
    }

    private static void Copy(in Tensor source, int batch, int head, int begin, int rows, MatrixView target)
    {
        for (int row = 0; row < rows; row++)
            source.Row<float>(batch, head, begin + row).CopyTo(new Span<float>(target.From(row, 0).Start, source.Layout.Channels));
    }

    private static void Write(MatrixView source, int rows, float factor, in Tensor target, int batch, int head, int begin)
    {
        for (int row = 0; row < rows; row++)
            TSet.Scale(source.From(row, 0).Start, factor, target.At<float>(batch, head, begin + row), target.Layout.Channels);
    }
}

using Kernels.Primitives.Decode;
using Kernels.Primitives.Softmax;
using Kernels.Primitives.Tiles;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// Defaults for every context: the micro-kernels that work at any vector width, and their sizes. A context overrides only what it does
/// better.
/// </summary>
/// <typeparam name="TSimd">The operations of the vector width.</typeparam>
/// <typeparam name="TVector">The vector type.</typeparam>
public unsafe interface IVectorSet<TSimd, TVector> : IInstructionSet
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    static bool IInstructionSet.IsSupported => TSimd.IsSupported;

    static int IInstructionSet.Width => TSimd.Width;

    // Whole register tiles of 6 rows and whole vectors of 16, 8 and 4. Small, because a causal tile wastes 24 keys a row at the diagonal.
    static int IInstructionSet.QueryRows => 48;

    // Whole register tiles of 6 keys, and of 8 where they are fused.
    static int IInstructionSet.KeyMultiple => 24;

    // Keeps fused tiles of 8 keys whole: a partial one costs as much and its exponentials are not interleaved. A multiple of 24 would keep
    // tiles of 6 keys whole too, but compute up to 23 keys as masked.
    static int IInstructionSet.CoveredMultiple => 8;

    static int IInstructionSet.MostTileKeys => 8;

    // Five cache lines, of which 48 rows fill three: with a stride of three lines the AVX2 product with the values is slower on Zen 4.
    // Vectors of 16 need whole lines.
    static int IInstructionSet.ScoreStride => 80;

    static int ITileKernels.TileRows => 6;

    // 12 accumulators, 2 vectors and a broadcast number fit 16 registers.
    static int ITileKernels.TileVectors => 2;

    static int IMatrixKernels.MatrixRows => MatrixProduct<TSimd, TVector>.BlockRows;

    static int IInterleavedKernels.InterleavedKeys => 0;

    static float IInterleavedKernels.WeightFactor => 1;

    static int IInterleavedKernels.ConstantsLength => 0;

    static int IDecodeKernels.DecodeRows => 2;

    static void IInstructionSet.Run<TKernel>(ref TKernel kernel) => kernel.Run<TSimd, TVector>();

    static void ITileKernels.MultiplyTile(int vectors, in TileProduct product) => SixRows<TSimd, TVector>.Multiply(vectors, product);

    static void ITileKernels.UpdateSoftmax(in ScoreTile tile) => OnlineSoftmax<TSimd, TVector>.Update(tile);

    static void ITileKernels.WeighLazily(in ScoreTile tile) => LazyReference<TSimd, TVector>.Weigh(tile);

    static void ITileKernels.SetReferences(in ScoreTile tile) => LazyReference<TSimd, TVector>.Set(tile);

    static bool ITileKernels.TryAccept(in ScoreTile tile) => LazyReference<TSimd, TVector>.TryAccept(tile);

    static void IInterleavedKernels.WriteConstants(float scale, float* constants)
    {
    }

    static void IInterleavedKernels.MultiplyAndWeigh(int vectors, in InterleavedTiles tiles) => throw new NotSupportedException();

    static void IInterleavedKernels.WeighLast(float* scores, int keys, float* state, float* constants) => throw new NotSupportedException();

    static void IDecodeKernels.DecodeScores<TElement>(int rows, in KeyBlock<TElement> block) =>
        DecodeScores<TSimd, TVector, TElement>.Compute(rows, block);

    static void IDecodeKernels.DecodeWeights(in ScoreRows rows) => DecodeSoftmax<TSimd, TVector>.Update(rows);

    static void IDecodeKernels.DecodeValues<TElement>(int rows, int vectors, in ValueBlock<TElement> block) =>
        DecodeValues<TSimd, TVector, TElement>.Add(rows, vectors, block);

    static void IMatrixKernels.MultiplyMatrix(int rows, int depth, int columns, MatrixView a, MatrixView b, MatrixView c, bool add) =>
        MatrixProduct<TSimd, TVector>.Multiply(rows, depth, columns, a, b, c, add);

    static void IMatrixKernels.SoftmaxColumns(int keys, int queries, float* scores, nint stride, float factor, float* sums) =>
        ColumnSoftmax<TSimd, TVector>.Apply(keys, queries, scores, stride, factor, sums);

    static void IMatrixKernels.SoftmaxRow(Span<float> scores) => RowSoftmax<TSimd, TVector>.Apply(scores);

    static void IRowKernels.Scale(float* source, float factor, float* destination, int count) =>
        RowArithmetic<TSimd, TVector>.Scale(source, factor, destination, count);

    static bool IRowKernels.DivideRows(
        float* source, nint sourceStride, float* divisors, float* destination, nint destinationStride, int rows, int count) =>
        RowArithmetic<TSimd, TVector>.DivideRows(source, sourceStride, divisors, destination, destinationStride, rows, count);

    static void IRowKernels.AddScaled(float* source, float factor, float* destination, int count) =>
        RowArithmetic<TSimd, TVector>.AddScaled(source, factor, destination, count);

    static void IRowKernels.Mix(float* source, float share, float* destination, float destinationShare, int count) =>
        RowArithmetic<TSimd, TVector>.Mix(source, share, destination, destinationShare, count);

    static void IRowKernels.Add(float* a, float* b, float* sum, int count) => RowArithmetic<TSimd, TVector>.Add(a, b, sum, count);

    static void IRowKernels.Subtract(float* a, float* b, float* difference, int count) =>
        RowArithmetic<TSimd, TVector>.Subtract(a, b, difference, count);

    static void IRowKernels.Multiply(float* a, float* b, float* product, int count) =>
        RowArithmetic<TSimd, TVector>.Multiply(a, b, product, count);

    static void IRowKernels.Widen(ushort* source, float* destination, int count) =>
        RowArithmetic<TSimd, TVector>.Widen(source, destination, count);

    static bool IRowKernels.AllFinite(float* values, int count) => RowArithmetic<TSimd, TVector>.AllFinite(values, count);

    static float IRowKernels.Exp2(float x) => RowArithmetic<TSimd, TVector>.Exp2(x);
}

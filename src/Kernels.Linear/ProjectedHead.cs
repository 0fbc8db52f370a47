using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>One kv head of <see cref="LowRank"/> with all its query heads, for one vector width.</summary>
internal static unsafe class ProjectedHead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Whole vectors and whole blocks of MatrixProduct, and keys that are summed before they are added to the sum of the others.
    private const int Tile = 48;

    private const int WordRows = 64;

    private static int Length => Definition.Linformer.Length;

    public static long ScratchLength(AttentionProblem problem)
    {
        long padded = ValueMatrix<TSimd, TVector>.PaddedChannels(problem.HeadDim);
        return 2 * Length * padded + Tile * (2L * Length + problem.HeadDim + padded + 1) + ValueMatrix<TSimd, TVector>.TailLength(Tile, problem.HeadDim);
    }

    public static void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads, firstHead = kvHead * group;
        int padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
        fixed (float* k = tensors.K(batch, firstHead), v = tensors.V(batch, firstHead), start = scratch)
        {
            float* keys = start, values = keys + Length * padded, rest = values + Length * padded;
            Project(problem.Keys, d, padded, k, v, keys, values, rest);
            for (int head = firstHead; head < firstHead + group; head++)
            {
                fixed (float* q = tensors.Q(batch, head))
                {
                    for (int begin = 0; begin < problem.Queries; begin += Tile)
                    {
                        int queries = Math.Min(Tile, problem.Queries - begin);
                        Attend(problem, queries, q + (nint)begin * d, keys, values, rest, tensors.Output(batch, head).Slice(begin * d, queries * d));
                    }
                }
            }
        }
    }

    /// <summary>EK and EV, each [length, padded].</summary>
    private static void Project(int count, int d, int padded, float* k, float* v, float* keys, float* values, float* signs)
    {
        new Span<float>(keys, 2 * Length * padded).Clear();
        float* tail = signs + Tile * Length;
        for (int begin = 0; begin < count; begin += Tile)
        {
            int tile = Math.Min(Tile, count - begin);
            for (int key = 0; key < tile; key++)
                FillSigns(begin + key, signs + key * Length);
            MatrixView entries = new MatrixView(signs, Length).Transposed;
            new ValueMatrix<TSimd, TVector>(k + (nint)begin * d, tile, d, tail)
                .Multiply(Length, 0, tile, entries, new MatrixView(keys, padded), add: true);
            new ValueMatrix<TSimd, TVector>(v + (nint)begin * d, tile, d, tail)
                .Multiply(Length, 0, tile, entries, new MatrixView(values, padded), add: true);
        }
        var entry = TSimd.Create((float)Definition.Linformer.Entry);
        for (int i = 0; i < 2 * Length * padded; i += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(keys + i), entry), keys + i);
    }

    /// <summary>The column of E that belongs to a key, as ±1.</summary>
    private static void FillSigns(int key, float* signs)
    {
        const int One = 0x3F800000, SignBit = 31;
        for (int word = 0; word < Length / WordRows; word++)
        {
            ulong bits = Definition.Linformer.Signs(key, word);
            for (int row = 0; row < WordRows; row++)
                signs[word * WordRows + row] = BitConverter.Int32BitsToSingle(One | (int)(bits >> row & 1) << SignBit);
        }
    }

    private static void Attend(AttentionProblem problem, int queries, float* q, float* keys, float* values, float* rest, Span<float> output)
    {
        int d = problem.HeadDim, padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d), lanes = QueryLanes.Count<TSimd, TVector>(queries);
        float* packed = rest, scores = packed + Tile * d, sums = scores + Tile * Length;
        var rows = new MatrixView(sums + Tile, padded);
        QueryLanes.Pack<TSimd, TVector>(q, queries, d, problem.Scale, packed, lanes);
        PartialProduct.Multiply<TSimd, TVector>(
            Length, d, lanes, new MatrixView(keys, padded), new MatrixView(packed, lanes), new MatrixView(scores, lanes));
        ColumnSoftmax.Apply<TSimd, TVector>(Length, lanes, scores, lanes, ScoreScale.OfDifferences(problem.Scale), sums);
        PartialProduct.Multiply<TSimd, TVector>(
            queries, Length, padded, new MatrixView(scores, lanes).Transposed, new MatrixView(values, padded), rows);
        for (int query = 0; query < queries; query++)
            OutputRow.Write<TSimd, TVector>(rows.From(query, 0).Start, 1 / sums[query], output.Slice(query * d, d));
    }
}

using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>One kv head of <see cref="LowRank{TSet}"/> with all its query heads.</summary>
internal sealed unsafe class ProjectedHead<TSet>(LinformerAttention operation)
    where TSet : struct, IInstructionSet
{
    // Whole vectors and whole blocks of the matrix product; also the number of keys in a partial sum.
    private const int Tile = 48;

    private const int WordRows = 64;

    private int Length => operation.Length;

    public long ScratchLength(AttentionProblem problem)
    {
        long padded = InstructionSet.WholeVectors<TSet>(problem.HeadDim);
        return 2 * Length * padded + Tile * (2L * Length + problem.HeadDim + padded + 1) + ValueMatrix<TSet>.TailLength(Tile, problem.HeadDim);
    }

    public void Compute(in AttentionCall call, int item)
    {
        AttentionProblem problem = call.Problem;
        (int batch, int kvHead) = Math.DivRem(item, problem.KvHeads);
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads, firstHead = kvHead * group;
        int padded = InstructionSet.WholeVectors<TSet>(d);
        float* keys = (float*)call.Own, values = keys + Length * padded, rest = values + Length * padded;
        Project(problem.Keys, d, padded, call.K.At<float>(batch, kvHead), call.V.At<float>(batch, kvHead), keys, values, rest);
        for (int head = firstHead; head < firstHead + group; head++)
        {
            for (int begin = 0; begin < problem.Queries; begin += Tile)
            {
                int queries = Math.Min(Tile, problem.Queries - begin);
                Attend(problem, queries, call.Q.At<float>(batch, head, begin), keys, values, rest, call.O.At<float>(batch, head, begin));
            }
        }
    }

    /// <summary>EK and EV, each [length, padded].</summary>
    private void Project(int count, int d, int padded, float* k, float* v, float* keys, float* values, float* signs)
    {
        new Span<float>(keys, 2 * Length * padded).Clear();
        float* tail = signs + Tile * Length;
        for (int begin = 0; begin < count; begin += Tile)
        {
            int tile = Math.Min(Tile, count - begin);
            for (int key = 0; key < tile; key++)
                FillSigns(begin + key, signs + key * Length);
            MatrixView entries = new MatrixView(signs, Length).Transposed;
            new ValueMatrix<TSet>(k + (nint)begin * d, tile, d, tail)
                .Multiply(Length, 0, tile, entries, new MatrixView(keys, padded), add: true);
            new ValueMatrix<TSet>(v + (nint)begin * d, tile, d, tail)
                .Multiply(Length, 0, tile, entries, new MatrixView(values, padded), add: true);
        }
        TSet.Scale(keys, (float)operation.Entry, keys, 2 * Length * padded);
    }

    /// <summary>The column of E that belongs to a key, as ±1.</summary>
    private void FillSigns(int key, float* signs)
    {
        const int One = 0x3F800000, SignBit = 31;
        for (int word = 0; word < Length / WordRows; word++)
        {
            ulong bits = operation.Signs(key, word);
            for (int row = 0; row < WordRows; row++)
                signs[word * WordRows + row] = BitConverter.Int32BitsToSingle(One | (int)(bits >> row & 1) << SignBit);
        }
    }

    private void Attend(AttentionProblem problem, int queries, float* q, float* keys, float* values, float* rest, float* output)
    {
        int d = problem.HeadDim, padded = InstructionSet.WholeVectors<TSet>(d), lanes = InstructionSet.WholeVectors<TSet>(queries);
        float* packed = rest, scores = packed + Tile * d, sums = scores + Tile * Length;
        var rows = new MatrixView(sums + Tile, padded);
        QueryLanes<TSet>.Pack(q, queries, d, problem.Scale, packed, lanes);
        PartialProduct<TSet>.Multiply(
            Length, d, lanes, new MatrixView(keys, padded), new MatrixView(packed, lanes), new MatrixView(scores, lanes));
        TSet.SoftmaxColumns(Length, lanes, scores, lanes, ScoreScale.OfDifferences(problem.Scale), sums);
        PartialProduct<TSet>.Multiply(
            queries, Length, padded, new MatrixView(scores, lanes).Transposed, new MatrixView(values, padded), rows);
        for (int query = 0; query < queries; query++)
            TSet.Scale(rows.From(query, 0).Start, 1 / sums[query], output + (nint)query * d, d);
    }
}

using Kernels.Abstractions;
using Kernels.Simd.Vectors;

namespace Kernels.Linear;

/// <summary>One kv head of <see cref="EluChunked"/> with all its query heads, for one vector width.</summary>
internal static unsafe class ChunkedHead<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int Chunk = ChunkScratch<TSimd, TVector>.Chunk;

    // Features are positive, so a sum over channels never cancels, and its rounding errors may all have one sign: partial sums keep them
    // small.
    private const int ChannelsPerPartialSum = 16;

    public static void Compute(AttentionProblem problem, in AttentionTensors tensors, int batch, int kvHead, Span<float> scratch)
    {
        int d = problem.HeadDim, group = problem.Heads / problem.KvHeads, firstHead = kvHead * group;
        fixed (float* k = tensors.K(batch, firstHead), v = tensors.V(batch, firstHead), start = scratch)
        {
            var parts = new ChunkScratch<TSimd, TVector>(start, d);
            int padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
            new Span<float>(parts.State, d * padded).Clear();
            new Span<float>(parts.FeatureSum, padded).Clear();
            int inState = 0;
            for (int begin = 0; begin < problem.Queries; begin += Chunk)
            {
                int end = Math.Min(problem.Queries, begin + Chunk);
                // What the first query of the chunk sees, all see; later ones see at most Chunk − 1 keys more. So few keys as one chunk are
                // cheaper without a state, and rounded less.
                int seenByAll = problem.Keys <= Chunk ? 0 : problem.VisibleKeys(begin).End, seenByAny = problem.VisibleKeys(end - 1).End;
                for (; inState < seenByAll; inState += Math.Min(Chunk, seenByAll - inState))
                    AddToState(parts, Math.Min(Chunk, seenByAll - inState), d, k + (nint)inState * d, v + (nint)inState * d);
                var local = new KeyRange(seenByAll, seenByAny);
                ValueMatrix<TSimd, TVector> localValues = PackLocal(parts, local, d, k, v);
                for (int head = firstHead; head < firstHead + group; head++)
                    ComputeChunk(problem, parts, begin, end, local, localValues, tensors.Q(batch, head), tensors.Output(batch, head));
            }
        }
    }

    /// <summary>State += φ(K)ᵀV and its sum += φ(K)ᵀ1, for up to a chunk of keys.</summary>
    private static void AddToState(ChunkScratch<TSimd, TVector> parts, int keys, int d, float* k, float* v)
    {
        int padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
        EluFeature.Apply<TSimd, TVector>(keys, d, k, parts.KeyFeatures, padded);
        var features = new MatrixView(parts.KeyFeatures, padded);
        var values = new ValueMatrix<TSimd, TVector>(v, keys, d, parts.ValueTail);
        values.Multiply(d, 0, keys, features.Transposed, new MatrixView(parts.State, padded), add: true);
        for (int c = 0; c < padded; c += TSimd.Width)
        {
            TVector sum = default;
            for (int key = 0; key < keys; key++)
                sum = TSimd.Add(sum, TSimd.Load(parts.KeyFeatures + key * padded + c));
            TSimd.Store(TSimd.Add(sum, TSimd.Load(parts.FeatureSum + c)), parts.FeatureSum + c);
        }
    }

    /// <summary>Prepares the keys that only some queries of a chunk see: φ(K) with keys across the lanes, and the values.</summary>
    private static ValueMatrix<TSimd, TVector> PackLocal(
        ChunkScratch<TSimd, TVector> parts, KeyRange local, int d, float* k, float* v)
    {
        if (local.IsEmpty)
            return default;
        int padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
        EluFeature.Apply<TSimd, TVector>(local.Length, d, k + (nint)local.Begin * d, parts.KeyFeatures, padded);
        Transpose.Copy(parts.KeyFeatures, padded, local.Length, d, parts.KeyLanes, Chunk);
        return new ValueMatrix<TSimd, TVector>(v + (nint)local.Begin * d, local.Length, d, parts.ValueTail);
    }

    private static void ComputeChunk(
        AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int begin, int end, KeyRange local,
        ValueMatrix<TSimd, TVector> localValues, ReadOnlySpan<float> q, Span<float> output)
    {
        int d = problem.HeadDim, queries = end - begin, padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
        fixed (float* qHead = q)
            EluFeature.Apply<TSimd, TVector>(queries, d, qHead + (nint)begin * d, parts.QueryFeatures, padded);
        var features = new MatrixView(parts.QueryFeatures, padded);
        var sums = new MatrixView(parts.Sums, padded);
        MultiplyFeatures(queries, d, padded, features, new MatrixView(parts.State, padded), sums);
        for (int block = begin; block < end; block += MatrixProduct.BlockRows)
            AddLocal(problem, parts, block, Math.Min(end, block + MatrixProduct.BlockRows), block - begin, local, localValues);
        for (int query = begin; query < end; query++)
        {
            int row = query - begin;
            Span<float> outputRow = output.Slice(query * d, d);
            if (problem.VisibleKeys(query).IsEmpty)
            {
                outputRow.Clear();
                continue;
            }
            float sum = SumOfWeights(parts, row, padded, Lanes(LocalKeys(problem, query, local)));
            OutputRow.Write<TSimd, TVector>(parts.Sums + row * padded, 1 / sum, outputRow);
        }
    }

    /// <summary>Adds to a block of rows what their queries see within the chunk: masked quadratic attention.</summary>
    private static void AddLocal(
        AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int begin, int end, int row, KeyRange local,
        ValueMatrix<TSimd, TVector> localValues)
    {
        int d = problem.HeadDim, padded = ValueMatrix<TSimd, TVector>.PaddedChannels(d);
        int seen = LocalKeys(problem, end - 1, local), lanes = Lanes(seen);
        if (seen == 0)
            return;
        MatrixView features = new MatrixView(parts.QueryFeatures, padded).From(row, 0);
        MatrixView weights = new MatrixView(parts.Weights, Chunk).From(row, 0);
        MultiplyFeatures(end - begin, d, lanes, features, new MatrixView(parts.KeyLanes, Chunk), weights);
        for (int query = begin; query < end; query++)
        {
            int visible = LocalKeys(problem, query, local);
            new Span<float>(weights.From(query - begin, visible).Start, lanes - visible).Clear();
        }
        localValues.Multiply(end - begin, 0, seen, weights, new MatrixView(parts.Sums, padded).From(row, 0), add: true);
    }

    private static void MultiplyFeatures(int rows, int d, int columns, MatrixView features, MatrixView right, MatrixView product)
    {
        for (int channel = 0; channel < d; channel += ChannelsPerPartialSum)
        {
            int depth = Math.Min(ChannelsPerPartialSum, d - channel);
            MatrixProduct.Multiply<TSimd, TVector>(
                rows, depth, columns, features.From(0, channel), right.From(channel, 0), product, add: channel > 0);
        }
    }

    private static int LocalKeys(AttentionProblem problem, int query, KeyRange local) =>
        Math.Max(0, problem.VisibleKeys(query).End - local.Begin);

    private static int Lanes(int keys) => QueryLanes.Count<TSimd, TVector>(keys);

    /// <summary>φ(q)·Σφ(k) over the keys of the state, and the weights of the keys within the chunk.</summary>
    private static float SumOfWeights(ChunkScratch<TSimd, TVector> parts, int row, int padded, int lanes)
    {
        TVector sum = default;
        for (int c = 0; c < padded; c += TSimd.Width)
            sum = TSimd.MultiplyAdd(TSimd.Load(parts.QueryFeatures + row * padded + c), TSimd.Load(parts.FeatureSum + c), sum);
        for (int lane = 0; lane < lanes; lane += TSimd.Width)
            sum = TSimd.Add(sum, TSimd.Load(parts.Weights + row * Chunk + lane));
        return TSimd.SumAcross(sum);
    }
}

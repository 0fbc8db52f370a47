using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>The inputs of one validation, in fenced memory.</summary>
public sealed class AttentionInputs : IDisposable
{
    private AttentionInputs(AttentionProblem problem)
    {
        Problem = problem;
        Q = new FencedBuffer(problem.QueryLength);
        K = new FencedBuffer(problem.KeyLength);
        V = new FencedBuffer(problem.KeyLength);
    }

    /// <summary>Shapes, mask and scale.</summary>
    public AttentionProblem Problem { get; }

    /// <summary>The format that the numbers were rounded to.</summary>
    public Precision Precision { get; private set; }

    /// <summary>[batch, heads, queries, headDim].</summary>
    public FencedBuffer Q { get; }

    /// <summary>[batch, kvHeads, keys, headDim].</summary>
    public FencedBuffer K { get; }

    /// <summary>[batch, kvHeads, keys, headDim].</summary>
    public FencedBuffer V { get; }

    /// <summary>
    /// For <see cref="InputFamily.OneHot"/>, the key that has all the weight of each query, [batch, heads, queries], −1 where the query
    /// sees no key: softmax attention must return that key's value. Null for the other families.
    /// </summary>
    public IReadOnlyList<int>? OneHotKeys { get; private set; }

    /// <summary>q [queries, headDim] of a head; heads are counted through all batches.</summary>
    public ReadOnlySpan<float> HeadQ(int headIndex) => Q.Span.Slice(headIndex * Problem.Queries * Problem.HeadDim, Problem.Queries * Problem.HeadDim);

    /// <summary>k [keys, headDim] that serves a head.</summary>
    public ReadOnlySpan<float> HeadK(int headIndex) => K.Span.Slice(KeyOffset(headIndex), Problem.Keys * Problem.HeadDim);

    /// <summary>v [keys, headDim] that serves a head.</summary>
    public ReadOnlySpan<float> HeadV(int headIndex) => V.Span.Slice(KeyOffset(headIndex), Problem.Keys * Problem.HeadDim);

    /// <summary>Makes inputs from a seed; equal arguments give equal numbers.</summary>
    public static AttentionInputs Create(AttentionProblem problem, InputFamily family, int seed)
    {
        var inputs = new AttentionInputs(problem);
        // Every head of a tensor has a random stream of its own, so they can be filled in any order.
        int keyHeads = problem.Batch * problem.KvHeads;
        InputGenerator Generator(int batch, int kvHead) => new(problem, family, seed, batch, kvHead);
        Parallel.For(0, 2 * keyHeads + problem.Batch * problem.Heads, part =>
        {
            if (part < 2 * keyHeads)
            {
                (int batch, int kvHead) = Math.DivRem(part % keyHeads, problem.KvHeads);
                inputs.FillKeyHead(Generator(batch, kvHead), part % keyHeads, isValue: part >= keyHeads);
            }
            else
            {
                (int batch, int head) = Math.DivRem(part - 2 * keyHeads, problem.Heads);
                inputs.FillQueryHead(Generator(batch, problem.KvHead(head)), part - 2 * keyHeads);
            }
        });
        if (family == InputFamily.OneHot)
            inputs.PointAtOneKey(seed);
        return inputs;
    }

    /// <summary>Copies a person's own tensors.</summary>
    /// <exception cref="ArgumentException">A tensor has another length than the problem says.</exception>
    public static AttentionInputs From(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v)
    {
        if (q.Length != problem.QueryLength || k.Length != problem.KeyLength || v.Length != problem.KeyLength)
            throw new ArgumentException($"The tensors do not have the lengths of {problem}.");
        var inputs = new AttentionInputs(problem);
        q.CopyTo(inputs.Q.Span);
        k.CopyTo(inputs.K.Span);
        v.CopyTo(inputs.V.Span);
        return inputs;
    }

    /// <summary>The same inputs rounded to half, to nearest even; what half cannot hold becomes infinite.</summary>
    public AttentionInputs RoundedToHalf()
    {
        AttentionInputs rounded = From(Problem, Q.Span, K.Span, V.Span);
        foreach (FencedBuffer tensor in (ReadOnlySpan<FencedBuffer>)[rounded.Q, rounded.K, rounded.V])
        {
            Span<float> numbers = tensor.Span;
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (float)(Half)numbers[i];
        }
        rounded.OneHotKeys = OneHotKeys;
        rounded.Precision = Precision.Half;
        return rounded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Q.Dispose();
        K.Dispose();
        V.Dispose();
    }

    private int KeyOffset(int headIndex)
    {
        (int batch, int head) = Math.DivRem(headIndex, Problem.Heads);
        return (batch * Problem.KvHeads + Problem.KvHead(head)) * Problem.Keys * Problem.HeadDim;
    }

    private void FillKeyHead(InputGenerator generator, int index, bool isValue)
    {
        int block = Problem.Keys * Problem.HeadDim;
        if (isValue)
            generator.FillValues(V.Span.Slice(index * block, block));
        else
            generator.FillKeys(K.Span.Slice(index * block, block));
    }

    private void FillQueryHead(InputGenerator generator, int index)
    {
        int block = Problem.Queries * Problem.HeadDim;
        generator.FillQueries(Q.Span.Slice(index * block, block), index);
    }

    private void PointAtOneKey(int seed)
    {
        var code = new OneHotInputs(Problem);
        int[] targets = code.ChooseKeys(seed);
        int keyBlock = Problem.Keys * Problem.HeadDim, queryBlock = Problem.Queries * Problem.HeadDim;
        for (int index = 0; index < Problem.Batch * Problem.KvHeads; index++)
            code.FillKeys(K.Span.Slice(index * keyBlock, keyBlock), index);
        for (int index = 0; index < Problem.Batch * Problem.Heads; index++)
        {
            (int batch, int head) = Math.DivRem(index, Problem.Heads);
            code.FillQueries(
                targets.AsSpan(index * Problem.Queries, Problem.Queries), Q.Span.Slice(index * queryBlock, queryBlock),
                head, batch * Problem.KvHeads + Problem.KvHead(head));
        }
        OneHotKeys = targets;
    }
}

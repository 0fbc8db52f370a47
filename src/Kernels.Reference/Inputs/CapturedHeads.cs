using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// q, k and v that a trained model has within, of a few texts, stretched to any problem. Kv heads take the model's heads in order, those of one layer after
/// those of another, and the heads of a group their queries from later tokens of the same head. Of fewer channels the first remain; more are joined from
/// neighbouring heads of the layer. Tokens are those of the shortest text that is long enough; after the longest, all texts follow from the first on, again
/// and again. The queries are the last tokens where there are more keys.
/// </summary>
public sealed class CapturedHeads
{
    private readonly int layers, heads, headDim, tokens;
    private readonly ImmutableArray<int> lengths;
    private readonly float[] q, k, v;

    /// <summary>Numbers of a model.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <param name="headDim">Channels of a head.</param>
    /// <param name="lengths">Tokens of each text, ascending.</param>
    /// <param name="q">Queries [layers, heads, tokens of all texts, headDim].</param>
    /// <param name="k">Keys, likewise.</param>
    /// <param name="v">Values, likewise.</param>
    /// <exception cref="ArgumentException">The numbers do not fill the sizes, or lengths descend.</exception>
    public CapturedHeads(int layers, int heads, int headDim, ImmutableArray<int> lengths, float[] q, float[] k, float[] v)
    {
        (this.layers, this.heads, this.headDim, this.lengths) = (layers, heads, headDim, lengths);
        (this.q, this.k, this.v) = (q, k, v);
        tokens = lengths.Sum();
        if (tokens == 0 || !lengths.Order().SequenceEqual(lengths))
            throw new ArgumentException($"Lengths must ascend, not be {string.Join(", ", lengths)}.", nameof(lengths));
        foreach (float[] numbers in (float[][])[q, k, v])
        {
            if (numbers.Length != layers * heads * tokens * headDim)
                throw new ArgumentException(
                    $"{numbers.Length:N0} numbers do not fill {layers} layers, {heads} heads, {tokens} tokens and {headDim} channels.", nameof(q));
        }
    }

    /// <summary>Fills q, k and v. Seed 1 begins with the first layer, each other seed one layer later, and with one head more after all layers.</summary>
    internal void Fill(Inputs inputs, AttentionProblem problem, int seed)
    {
        int group = problem.Heads / problem.KvHeads;
        int first = FirstToken(Math.Max(problem.Queries, problem.Keys)), firstQuery = first + Math.Max(0, problem.Keys - problem.Queries);
        // Heads that a head of the problem is joined from; more than a layer has would be the same again.
        int joined = Math.Min(heads, (Math.Max(problem.HeadDim, problem.ValueDim) + headDim - 1) / headDim);
        int seeds = layers * heads, round = (int)(((seed - 1L) % seeds + seeds) % seeds);
        int firstHead = heads * round + round / layers;
        Parallel.For(0, problem.Batch * problem.KvHeads, index =>
        {
            int head = (firstHead + index * joined) % (layers * heads);
            FillRows(k, head, first, Block(inputs["k"], index, problem.Keys * problem.HeadDim), problem.HeadDim);
            FillRows(v, head, first, Block(inputs["v"], index, problem.Keys * problem.ValueDim), problem.ValueDim);
            for (int member = 0; member < group; member++)
                FillRows(q, head, firstQuery + member, Block(inputs["q"], index * group + member, problem.Queries * problem.HeadDim), problem.HeadDim);
        });
    }

    // Where the shortest text begins that has so many tokens; else the longest, which is the last.
    private int FirstToken(int needed)
    {
        int first = 0;
        for (int text = 0; text < lengths.Length - 1 && lengths[text] < needed; text++)
            first += lengths[text];
        return first;
    }

    private void FillRows(float[] source, int place, int firstToken, Span<float> rows, int width)
    {
        (int layer, int firstHead) = Math.DivRem(place, heads);
        for (int begin = 0, token = firstToken % tokens; begin < rows.Length; begin += width, token = (token + 1) % tokens)
        {
            for (int channel = 0; channel < width; channel += headDim)
            {
                int head = layer * heads + (firstHead + channel / headDim) % heads;
                Span<float> target = rows.Slice(begin + channel, Math.Min(headDim, width - channel));
                source.AsSpan((head * tokens + token) * headDim, target.Length).CopyTo(target);
            }
        }
    }

    private static Span<float> Block(Span<float> tensor, int index, int length) => tensor.Slice(index * length, length);
}

using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>Nodes and the values that they write, by the names of what they compute.</summary>
internal static class GraphLayers
{
    public static Value Lookup(this Graph graph, Value source, int[] indices) =>
        graph.Add(new RowLookup(graph.Create(indices.Length, source.Columns), source, indices));

    public static Value Sum(this Graph graph, Value a, Value b) => graph.Add(new Sum(graph.Create(a.Rows, a.Columns), a, b));

    public static Value Transpose(this Graph graph, Value source) => graph.Add(new Transposed(graph.Create(source.Columns, source.Rows), source));

    public static Value Project(this Graph graph, Value x, Value w, Value b) => graph.Add(new ProjectionNode(graph, x, w, b));

    public static Value Norm(this Graph graph, Value x, Value gain, Value shift) => graph.Add(new LayerNorm(graph, x, gain, shift));

    public static Value FeedForward(this Graph graph, Value x, Value w1, Value b1, Value w2, Value b2) => graph.Add(new FeedForward(graph, x, w1, b1, w2, b2));

    public static Value Attend(this Graph graph, AttentionProblem problem, Value q, Value k, Value v) => graph.Add(new SelfAttention(graph, problem, q, k, v));

    /// <summary>The state is written into <paramref name="state"/>, which may be some rows of all states.</summary>
    public static Value Gru(this Graph graph, Value x, Value u, Value h, Value state) => graph.Add(
        new GruStep(state, x, u, h, graph.Create(u.Rows, u.Columns), graph.Create(2, h.Columns)));

    public static Value Align(this Graph graph, Value q, Value k, Value e, Value v) => graph.Add(new AdditiveStep(
        graph.Create(q.Rows, e.Columns), q, k, e, v, graph.Create(k.Rows, k.Columns), graph.Create(q.Rows, k.Rows / q.Rows),
        graph.Create(2, Math.Max(k.Columns, k.Rows / q.Rows))));

    public static CrossEntropy Loss(this Graph graph, Value logits, int[] targets, float weight)
    {
        var loss = new CrossEntropy(
            graph.Create(1, 1), logits, graph.Create(logits.Rows, logits.Columns), targets, new float[logits.Rows * logits.Columns], weight);
        graph.Add(loss);
        return loss;
    }
}

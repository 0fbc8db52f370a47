using Kernels.Abstractions;
using Kernels.Training.Graphs;

namespace Kernels.Training.Models;

/// <summary>
/// Rows of words and of positions, layers as <see cref="TransformerLayer"/> with norms before and ReLU (the names of their weights are those of its operands),
/// a norm, and the product with the table of words (Press and Wolf 2017).
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="layers">Layers.</param>
/// <param name="heads">Heads of each.</param>
/// <param name="width">Numbers of a row, a multiple of <paramref name="heads"/>.</param>
/// <param name="hidden">Numbers between the products of a feed-forward network.</param>
/// <param name="vocabulary">Words.</param>
/// <param name="positions">The most words of a sentence.</param>
/// <param name="mask">Which words see which.</param>
public sealed class Transformer(string name, int layers, int heads, int width, int hidden, int vocabulary, int positions, AttentionMask mask) : SequenceModel
{
    private const double LongestWave = 10000;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Idea => $"transformer, {(layers == 1 ? "one layer" : $"{layers} layers")} of {heads} heads of {width / heads} channels";

    /// <inheritdoc/>
    public override int MostTokens => positions;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterShape> Parameters =>
    [
        new("words", vocabulary, width, 1 / Math.Sqrt(width)),
        .. Enumerable.Range(1, layers).SelectMany(layer => (ParameterShape[])
        [
            ParameterShape.Ones(Of(layer, "gain1"), width), ParameterShape.Zeros(Of(layer, "shift1"), width),
            .. new[] { "q", "k", "v", "o" }.SelectMany(each => (ParameterShape[])
                [ParameterShape.Matrix(Of(layer, "w" + each), width, width), ParameterShape.Zeros(Of(layer, "b" + each), width)]),
            ParameterShape.Ones(Of(layer, "gain2"), width), ParameterShape.Zeros(Of(layer, "shift2"), width),
            ParameterShape.Matrix(Of(layer, "w1"), width, hidden), ParameterShape.Zeros(Of(layer, "b1"), hidden),
            ParameterShape.Matrix(Of(layer, "w2"), hidden, width), ParameterShape.Zeros(Of(layer, "b2"), width),
        ]),
        ParameterShape.Ones("gain", width), ParameterShape.Zeros("shift", width), ParameterShape.Zeros("offsets", vocabulary),
    ];

    /// <inheritdoc/>
    internal override SequenceProgram Build(Graph graph, ParameterSet parameters, BatchSize size, float weight)
    {
        int rows = size.Sequences * size.Tokens;
        int[] ids = new int[rows], asked = new int[size.Sequences * size.Asked], targets = new int[asked.Length];
        int[] places = [.. Enumerable.Range(0, rows).Select(row => row % size.Tokens)];
        var problem = new AttentionProblem(
            size.Sequences, heads, heads, size.Tokens, size.Tokens, width / heads, mask, order: TokenOrder.TokenMajor);
        Value x = graph.Sum(graph.Lookup(parameters["words"], ids), graph.Lookup(Waves(graph), places));
        for (int layer = 1; layer <= layers; layer++)
            x = Layer(graph, name => parameters[Of(layer, name)], problem, x);
        Value answer = graph.Norm(graph.Lookup(x, asked), parameters["gain"], parameters["shift"]);
        Value logits = graph.Project(answer, graph.Transpose(parameters["words"]), parameters["offsets"]);
        return new SequenceProgram(graph, graph.Loss(logits, targets, weight), batch =>
        {
            batch.Ids.CopyTo(ids, 0);
            for (int i = 0; i < asked.Length; i++)
                asked[i] = i / batch.Asked * batch.Tokens + batch.Places[i];
        });
    }

    private static Value Layer(Graph graph, Func<string, Value> weights, AttentionProblem problem, Value x)
    {
        Value normed = graph.Norm(x, weights("gain1"), weights("shift1"));
        Value[] projected = [.. new[] { "q", "k", "v" }.Select(each => graph.Project(normed, weights("w" + each), weights("b" + each)))];
        Value attended = graph.Attend(problem, projected[0], projected[1], projected[2]);
        x = graph.Sum(x, graph.Project(attended, weights("wo"), weights("bo")));
        normed = graph.Norm(x, weights("gain2"), weights("shift2"));
        return graph.Sum(x, graph.FeedForward(normed, weights("w1"), weights("b1"), weights("w2"), weights("b2")));
    }

    // Vaswani et al. 2017, section 3.5, as large as the rows of words to begin with. No parameters: nothing reads their gradients.
    private Value Waves(Graph graph)
    {
        Value waves = graph.Create(positions, width);
        for (int position = 0; position < positions; position++)
        {
            for (int channel = 0; channel < width; channel++)
            {
                double angle = position * Math.Pow(LongestWave, -(double)(channel / 2 * 2) / width);
                waves.Row(position)[channel] = (float)(Math.Sqrt(2.0 / width) * (channel % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle)));
            }
        }
        return waves;
    }

    private static string Of(int layer, string operand) => $"layer{layer}.{operand}";
}

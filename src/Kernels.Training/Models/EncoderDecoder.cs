using Kernels.Abstractions;
using Kernels.Training.Graphs;

namespace Kernels.Training.Models;

/// <summary>
/// Two gated recurrent units as <see cref="SequenceToSequence"/> defines them: one reads the first half of a sentence, the other says the second half, a word
/// at a time, from the last state of the first (Cho et al. 2014), or from all its states by additive attention (Bahdanau et al. 2015).
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="context">What the decoder sees: the last state, or all by additive alignment.</param>
/// <param name="width">Numbers of a word.</param>
/// <param name="hidden">Numbers of a state.</param>
/// <param name="vocabulary">Words.</param>
public sealed class EncoderDecoder(string name, DecoderContext context, int width, int hidden, int vocabulary) : SequenceModel
{
    private const int Gates = RecurrentLayer.Gates;

    private bool Aligns => context == DecoderContext.Additive;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Idea =>
        Aligns ? $"two GRUs of {hidden} numbers, additive attention between them" : $"two GRUs of {hidden} numbers, the last state between them";

    /// <inheritdoc/>
    public override int MostTokens => int.MaxValue;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterShape> Parameters =>
    [
        new("words", vocabulary, width, 1 / Math.Sqrt(width)),
        .. new[] { "e", "d" }.SelectMany(each => (ParameterShape[])
        [
            ParameterShape.Matrix(each + "w", width, Gates * hidden), ParameterShape.Zeros(each + "bw", Gates * hidden),
            ParameterShape.Matrix(each + "u", hidden, Gates * hidden), ParameterShape.Zeros(each + "bu", Gates * hidden),
        ]),
        ParameterShape.Matrix("dc", hidden, Gates * hidden), ParameterShape.Zeros("dbc", Gates * hidden),
        .. Aligns
            ? (ParameterShape[])
            [
                ParameterShape.Matrix("wq", hidden, hidden), ParameterShape.Zeros("bq", hidden), ParameterShape.Matrix("wk", hidden, hidden),
                ParameterShape.Zeros("b", hidden), ParameterShape.Matrix("v", 1, hidden),
            ]
            : [],
        ParameterShape.Matrix("out", hidden, vocabulary), ParameterShape.Zeros("offsets", vocabulary),
    ];

    /// <inheritdoc/>
    internal override SequenceProgram Build(Graph graph, ParameterSet parameters, BatchSize size, float weight)
    {
        int batch = size.Sequences, half = size.Tokens / 2;
        int[] read = new int[half * batch], said = new int[half * batch], asked = new int[batch * size.Asked], targets = new int[asked.Length];
        Value states = graph.Create(half * batch, hidden), answers = graph.Create(half * batch, hidden), before = graph.Create(batch, hidden);
        Value x = graph.Project(graph.Lookup(parameters["words"], read), parameters["ew"], parameters["ebw"]);
        for (int step = 0; step < half; step++)
            before = Next(graph, parameters, "e", x.Slice(step * batch, batch), before, states.Slice(step * batch, batch));
        x = graph.Project(graph.Lookup(parameters["words"], said), parameters["dw"], parameters["dbw"]);
        Value? last = Aligns ? null : graph.Project(before, parameters["dc"], parameters["dbc"]);
        Value? keys = Aligns ? graph.Project(states, parameters["wk"], parameters["b"]) : null;
        for (int step = 0; step < half; step++)
        {
            Value seen = last ?? graph.Project(
                graph.Align(graph.Project(before, parameters["wq"], parameters["bq"]), keys!, states, parameters["v"]), parameters["dc"], parameters["dbc"]);
            before = Next(graph, parameters, "d", graph.Sum(x.Slice(step * batch, batch), seen), before, answers.Slice(step * batch, batch));
        }
        Value logits = graph.Project(graph.Lookup(answers, asked), parameters["out"], parameters["offsets"]);
        return new SequenceProgram(graph, graph.Loss(logits, targets, weight), each =>
        {
            // Rows lie by time, so that those of a step follow each other.
            for (int row = 0; row < read.Length; row++)
            {
                (int step, int sequence) = Math.DivRem(row, batch);
                read[row] = each.Ids[sequence * each.Tokens + step];
                said[row] = each.Ids[sequence * each.Tokens + half + step];
            }
            for (int i = 0; i < asked.Length; i++)
                asked[i] = (each.Places[i] - half) * batch + i / each.Asked;
        });
    }

    private static Value Next(Graph graph, ParameterSet parameters, string of, Value x, Value before, Value state) =>
        graph.Gru(x, graph.Project(before, parameters[of + "u"], parameters[of + "bu"]), before, state);
}

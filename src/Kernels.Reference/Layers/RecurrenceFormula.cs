using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="RecurrentLayer"/> and <see cref="SequenceToSequence"/>, one step after another; the cells of both.</summary>
internal class RecurrenceFormula(LayerOperation operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : AlignmentFormula(arithmetic, problem, numbers)
{
    /// <summary>What is computed.</summary>
    protected LayerOperation Operation => operation;

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int batch = rows.HeadIndex, steps = rows.Tokens[^1] + 1;
        double[][] states = operation is SequenceToSequence sequence ? Decode(sequence, batch, steps) : Recur((RecurrentLayer)operation, batch, steps);
        for (int i = 0; i < rows.Tokens.Length; i++)
            states[rows.Tokens[i]].CopyTo(values.Slice(i * Problem.Hidden, Problem.Hidden));
    }

    /// <summary>The first states of a sequence of a recurrent layer.</summary>
    protected double[][] Recur(RecurrentLayer layer, int batch, int steps) =>
        Steps(Start(batch), steps, (state, t) => layer.Cell == Cell.Gru ? Gru(InputGates("", "x", batch, t), state, "") : Tanh(Row("x", batch, t), state));

    /// <summary>The state before the first of a sequence.</summary>
    protected virtual double[] Start(int batch) => new double[Problem.Hidden];

    /// <summary>What a step gets of the state before it.</summary>
    protected virtual double[] Carried(double[] state) => state;

    /// <summary>The states of the encoder of a sequence.</summary>
    protected double[][] Encode(int batch) =>
        Steps(new double[Problem.Hidden], Problem.Keys, (state, t) => Gru(InputGates("e", "c", batch, t), state, "e"));

    /// <summary>The first states of the decoder of a sequence.</summary>
    private double[][] Decode(SequenceToSequence sequence, int batch, int steps)
    {
        double[][] encoded = Encode(batch);
        double[] flat = [.. encoded.SelectMany(state => state)];
        return Steps(DecoderStart(encoded[^1]), steps, (state, t) =>
        {
            double[] input = InputGates("d", "x", batch, t);
            return DecoderStep(input, state, before => Context(sequence, encoded, flat, before));
        });
    }

    /// <summary>The decoder's state before its first step.</summary>
    protected virtual double[] DecoderStart(double[] encoded) => encoded;

    /// <summary>One step of the decoder.</summary>
    /// <param name="input">x·W + b of the gates.</param>
    /// <param name="state">The state before.</param>
    /// <param name="context">The context of a state.</param>
    protected virtual double[] DecoderStep(double[] input, double[] state, Func<double[], double[]> context) =>
        Gru(WithContext(input, context(state)), state, "d");

    /// <summary>x·W + b + context·Wc.</summary>
    protected virtual double[] WithContext(double[] input, double[] context) => Add(input, Multiply(context, "dc", input.Length));

    /// <summary>What the decoder sees of the encoder.</summary>
    /// <param name="sequence">The operation.</param>
    /// <param name="encoded">The states of the encoder.</param>
    /// <param name="flat">The same one after the other.</param>
    /// <param name="state">The decoder's state.</param>
    protected virtual double[] Context(SequenceToSequence sequence, double[][] encoded, double[] flat, double[] state) => sequence.Context switch
    {
        DecoderContext.Last => encoded[^1],
        DecoderContext.Additive => Weighted(Additive(Project(state, "wq", "b"), Keys(encoded), Problem.Keys), flat, Problem.Hidden),
        _ => Weighted(
            [.. encoded.Select(each => Arithmetic.Round(Arithmetic.Dot(state, each) * DotScale))], flat, Problem.Hidden),
    };

    /// <summary>Factor of dot products.</summary>
    protected virtual double DotScale => 1 / Math.Sqrt(Problem.Hidden);

    /// <summary>x·W + b of the three gates.</summary>
    private double[] InputGates(string prefix, string source, int batch, int token) => Project(Row(source, batch, token), prefix + "w", prefix + "bw");

    /// <summary>tanh(x·W + b + h₋·U).</summary>
    protected virtual double[] Tanh(double[] x, double[] state) =>
        [.. Add(Project(x, "w", "b"), Multiply(state, "u", state.Length)).Select(sum => Arithmetic.Round(Math.Tanh(sum)))];

    /// <summary>The state after a step of a GRU.</summary>
    /// <param name="input">x·W + b of the gates.</param>
    /// <param name="state">The state before.</param>
    /// <param name="prefix">Of the names of the weights.</param>
    protected virtual double[] Gru(double[] input, double[] state, string prefix)
    {
        int hidden = state.Length;
        double[] own = Project(state, prefix + "u", prefix + "bu"), next = new double[hidden];
        for (int c = 0; c < hidden; c++)
        {
            double r = Sigmoid(Arithmetic.Round(input[c] + own[c])), z = Sigmoid(Arithmetic.Round(input[hidden + c] + own[hidden + c]));
            next[c] = Unit(r, z, input[2 * hidden + c], own[2 * hidden + c], state[c]);
        }
        return next;
    }

    /// <summary>(1 − z)·n + z·h₋ with n = tanh(input + r·own).</summary>
    protected virtual double Unit(double r, double z, double input, double own, double state)
    {
        double n = Arithmetic.Round(Math.Tanh(Arithmetic.Round(input + Arithmetic.Round(r * own))));
        return Blend(z, n, state);
    }

    /// <summary>(1 − z)·n + z·h₋.</summary>
    protected virtual double Blend(double z, double n, double state) =>
        Arithmetic.Round(Arithmetic.Round(Arithmetic.Round(1 - z) * n) + Arithmetic.Round(z * state));

    private double Sigmoid(double x) => Arithmetic.Round(1 / Arithmetic.Round(1 + Arithmetic.Round(Math.Exp(-x))));

    private double[][] Steps(double[] state, int steps, Func<double[], int, double[]> step)
    {
        double[][] states = new double[steps][];
        for (int t = 0; t < steps; t++)
            states[t] = state = step(Carried(state), t);
        return states;
    }

    // Known until the states change, because all steps of a decoder need the same.
    private (double[][] States, double[][] Keys)? known;

    private double[][] Keys(double[][] states)
    {
        if (known is not { } last || last.States != states)
            known = last = (states, [.. states.Select(state => Multiply(state, "wk", Problem.Hidden))]);
        return last.Keys;
    }
}

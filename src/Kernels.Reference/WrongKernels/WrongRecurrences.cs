using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Recurrent layers, additive attention and sequence-to-sequence models with one mistake each.</summary>
internal static class WrongRecurrences
{
    private enum Mistake
    {
        NotCarried, OfOtherSequence, GatesSwapped, WrongSide, BiasNotReset, BiasForgotten, LastTokenEarly, OverQueries, StateAfter, TanhMissing,
        ContextForgotten, EncoderNotHandedOver, ScoresNotScaled,
    }

    private static readonly (Mistake Mistake, string Name, string What, Func<LayerOperation, bool> Of)[] all =
    [
        (Mistake.NotCarried, "state-not-carried", "begins every step with a state of zeros", operation => operation is RecurrentLayer),
        (Mistake.OfOtherSequence, "state-of-other-sequence", "begins a sequence with the last state of the one before it",
            operation => operation is RecurrentLayer),
        (Mistake.BiasForgotten, "no-bias", "forgets the bias, in a GRU that of the state alone", operation => operation is RecurrentLayer or AdditiveAttention),
        (Mistake.GatesSwapped, "gates-swapped", "takes r for z and z for r", operation => operation is RecurrentLayer { Cell: Cell.Gru } or SequenceToSequence),
        (Mistake.WrongSide, "update-wrong-side", "keeps 1 − z of the state in place of z",
            operation => operation is RecurrentLayer { Cell: Cell.Gru } or SequenceToSequence { Context: DecoderContext.Dot }),
        (Mistake.BiasNotReset, "bias-not-reset", "does not reset the bias of the state", operation => operation is RecurrentLayer { Cell: Cell.Gru }),
        (Mistake.LastTokenEarly, "context-one-early", "takes the last state but one as context",
            operation => operation is SequenceToSequence { Context: DecoderContext.Last }),
        (Mistake.ContextForgotten, "no-context", "leaves the context out", operation => operation is SequenceToSequence),
        (Mistake.EncoderNotHandedOver, "decoder-from-zeros", "begins the decoder with a state of zeros", operation => operation is SequenceToSequence),
        (Mistake.StateAfter, "state-after-step", "attends with the state after the step",
            operation => operation is SequenceToSequence { Context: not DecoderContext.Last }),
        (Mistake.ScoresNotScaled, "no-scale", "does not scale the scores", operation => operation is SequenceToSequence { Context: DecoderContext.Dot }),
        (Mistake.TanhMissing, "no-tanh", "leaves tanh out of the alignment",
            operation => operation is AdditiveAttention or SequenceToSequence { Context: DecoderContext.Additive }),
        (Mistake.OverQueries, "softmax-over-queries", "normalises over the steps of the decoder in place of the encoder's rows",
            operation => operation is AdditiveAttention),
    ];

    /// <summary>Those of an operation.</summary>
    public static IReadOnlyList<WrongKernel> Create(LayerOperation operation) =>
    [
        .. all.Where(each => each.Of(operation)).Select(each => new WrongKernel(
            new FormulaKernel(each.Name, each.What, operation, (own, arithmetic, problem, numbers) => own is AdditiveAttention
                ? new MistakenAttention(each.Mistake, arithmetic, problem, numbers)
                : new MistakenRecurrence(each.Mistake, own, arithmetic, problem, numbers)),
            FailureKind.Inaccurate, FailureKind.InaccurateOnAverage)),
    ];

    private static double[] Zeros(double[] numbers) => new double[numbers.Length];

    private sealed class MistakenRecurrence(Mistake mistake, LayerOperation operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : RecurrenceFormula(operation, arithmetic, problem, numbers)
    {
        protected override double[] Start(int batch) => mistake == Mistake.OfOtherSequence && batch > 0
            ? Recur((RecurrentLayer)Operation, batch - 1, Problem.Queries)[^1]
            : base.Start(batch);

        protected override double[] Carried(double[] state) => mistake == Mistake.NotCarried ? Zeros(state) : state;

        protected override double[] Project(ReadOnlySpan<double> x, string w, string b) => mistake == Mistake.BiasForgotten && b is "b" or "bu"
            ? Multiply(x.ToArray(), w, Numbers[b].Length)
            : base.Project(x, w, b);

        protected override double Unit(double r, double z, double input, double own, double state) =>
            mistake == Mistake.GatesSwapped ? base.Unit(z, r, input, own, state) : base.Unit(r, z, input, own, state);

        protected override double[] Gru(double[] input, double[] state, string prefix)
        {
            if (mistake != Mistake.BiasNotReset)
                return base.Gru(input, state, prefix);
            // n = tanh(x·Wn + bwn + bun + r∘(h₋·Un)): the bias moves to the side that is not reset.
            int hidden = state.Length;
            double[] own = Project(state, prefix + "u", prefix + "bu"), next = new double[hidden];
            for (int c = 0; c < hidden; c++)
            {
                double r = Of(input[c] + own[c]), z = Of(input[hidden + c] + own[hidden + c]), bias = Numbers[prefix + "bu"][2 * hidden + c];
                next[c] = Unit(r, z, input[2 * hidden + c] + bias, own[2 * hidden + c] - bias, state[c]);
            }
            return next;
        }

        protected override double Blend(double z, double n, double state) => mistake == Mistake.WrongSide ? base.Blend(z, state, n) : base.Blend(z, n, state);

        protected override double[] Context(SequenceToSequence sequence, double[][] encoded, double[] flat, double[] state) =>
            mistake == Mistake.LastTokenEarly ? encoded[Math.Max(0, encoded.Length - 2)] : base.Context(sequence, encoded, flat, state);

        protected override double[] WithContext(double[] input, double[] context) =>
            mistake == Mistake.ContextForgotten ? input : base.WithContext(input, context);

        protected override double[] DecoderStart(double[] encoded) => mistake == Mistake.EncoderNotHandedOver ? Zeros(encoded) : encoded;

        protected override double[] DecoderStep(double[] input, double[] state, Func<double[], double[]> context) => mistake == Mistake.StateAfter
            ? Gru(WithContext(input, context(base.DecoderStep(input, state, context))), state, "d")
            : base.DecoderStep(input, state, context);

        protected override double DotScale => mistake == Mistake.ScoresNotScaled ? 1 : base.DotScale;

        protected override double Squash(double x) => mistake == Mistake.TanhMissing ? x : base.Squash(x);

        private static double Of(double x) => 1 / (1 + Math.Exp(-x));
    }

    private sealed class MistakenAttention(Mistake mistake, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : AdditiveFormula(arithmetic, problem, numbers)
    {
        protected override double[] Project(ReadOnlySpan<double> x, string w, string b) =>
            mistake == Mistake.BiasForgotten ? Multiply(x.ToArray(), w, Numbers[b].Length) : base.Project(x, w, b);

        protected override double Squash(double x) => mistake == Mistake.TanhMissing ? x : base.Squash(x);

        protected override double[] Attend(int batch, int query, double[][] keys, double[] rows)
        {
            if (mistake != Mistake.OverQueries)
                return base.Attend(batch, query, keys, rows);
            double[] weights = [.. Scores(batch, query, keys).Select(Math.Exp)], sums = new double[keys.Length];
            for (int other = 0; other < Problem.Queries; other++)
                sums = Add(sums, [.. Scores(batch, other, keys).Select(Math.Exp)]);
            return Mean([.. weights.Zip(sums, (weight, sum) => weight / sum)], 1, rows, new double[Problem.Width]);
        }
    }
}

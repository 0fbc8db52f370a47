using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The gradients of a norm with a mistake.</summary>
internal sealed class MistakenNorm(BackwardMistake mistake, NormBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : NormBackwardFormula(operation, arithmetic, problem, numbers)
{
    private string gradient = "";

    protected override bool Counts(int row, string name) => WrongBackward.Counts(mistake, Problem, row, name);

    protected override double MeanOfGradient(double[] h) => mistake == BackwardMistake.NoMeanOfGradient ? 0 : base.MeanOfGradient(h);

    protected override double MeanOfProduct(double[] h, double[] normed) => mistake == BackwardMistake.NoMeanOfProduct ? 0 : base.MeanOfProduct(h, normed);

    // Those of columns have their gain already.
    protected override double[] Scaled(double[] dy) => mistake is BackwardMistake.GainForgotten or BackwardMistake.OverRows ? dy : base.Scaled(dy);

    protected override (double[] Normed, double Factor) Normalise(double[] x)
    {
        (double[] normed, double factor) = base.Normalise(x);
        if (mistake == BackwardMistake.RowsNotNormed && gradient == "dgain")
            return (x, factor);
        double scale = mistake == BackwardMistake.OneLess && x.Length > 1 ? Math.Sqrt((x.Length - 1.0) / x.Length) : 1;
        return ([.. normed.Select(number => number * scale)], factor * scale);
    }

    protected override double[] OfRow(double[] x, double[] dy)
    {
        double[] row = base.OfRow(x, dy);
        if (mistake == BackwardMistake.FactorForgotten)
            return [.. row.Select(number => number / Normalise(x).Factor)];
        return row;
    }

    protected override double[] Gradient(string name, int head, int token)
    {
        gradient = name;
        return mistake == BackwardMistake.OverRows && name == "dx"
            ? [.. Enumerable.Range(0, Problem.Width).Select(c => OfRow(OfChannel("x", head, c, 1), OfChannel("dy", head, c, Numbers["gain"][c]))[token])]
            : base.Gradient(name, head, token);
    }

    // A channel of all rows of a sequence.
    private double[] OfChannel(string input, int batch, int channel, float factor) =>
        [.. Enumerable.Range(0, Problem.Queries).Select(row => (double)(Numbers[input][(batch * Problem.Queries + row) * Problem.Width + channel] * factor))];
}

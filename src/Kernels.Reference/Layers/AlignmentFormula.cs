using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The parts of attention by an alignment, as Bahdanau et al. 2015 write them.</summary>
internal abstract class AlignmentFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : LayerFormula(arithmetic, problem, numbers)
{
    /// <summary>x·W.</summary>
    protected double[] Multiply(double[] x, string w, int width)
    {
        double[] y = new double[width];
        Arithmetic.Multiply(x, Numbers[w], y);
        return y;
    }

    /// <summary>v·tanh(q + k) for each key: the scores of a query.</summary>
    protected double[] Additive(double[] q, double[][] keys, int count)
    {
        double[] v = LayerNumbers.Widen(Numbers["v"]), scores = new double[count], hidden = new double[q.Length];
        for (int j = 0; j < count; j++)
        {
            for (int c = 0; c < hidden.Length; c++)
                hidden[c] = Squash(Arithmetic.Round(q[c] + keys[j][c]));
            scores[j] = Arithmetic.Dot(v, hidden);
        }
        return scores;
    }

    /// <summary>tanh.</summary>
    protected virtual double Squash(double x) => Arithmetic.Round(Math.Tanh(x));

    /// <summary>Σ softmax(scores) · row.</summary>
    /// <param name="scores">[rows].</param>
    /// <param name="rows">[rows, width].</param>
    /// <param name="width">Numbers of a row.</param>
    protected virtual double[] Weighted(double[] scores, double[] rows, int width)
    {
        double max = double.NegativeInfinity;
        foreach (double score in scores)
            max = double.IsNaN(score) ? score : Math.Max(max, score);
        double[] weights = [.. scores.Select(score => Arithmetic.Round(Math.Exp(Arithmetic.Round(score - max))))], sums = new double[width];
        return Mean(weights, Arithmetic.Sum(weights), rows, sums);
    }

    /// <summary>Σ weight · row / sum.</summary>
    protected double[] Mean(double[] weights, double sum, double[] rows, double[] sums)
    {
        Arithmetic.Mix(weights, rows, sums);
        for (int c = 0; c < sums.Length; c++)
            sums[c] = Arithmetic.Round(sums[c] / sum);
        return sums;
    }
}

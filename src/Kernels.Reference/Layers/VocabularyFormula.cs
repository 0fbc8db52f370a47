using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="Vocabulary"/>: the softmax of scores of all words.</summary>
internal class VocabularyFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : LayerFormula(arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    protected override WeightOrder Order => Operations.Vocabulary.WeightOrder;

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        for (int i = 0; i < rows.Tokens.Length; i++)
            Weights(rows.HeadIndex, rows.Tokens[i]).CopyTo(values.Slice(i * Problem.Hidden, Problem.Hidden));
    }

    /// <summary>The probabilities after a token.</summary>
    protected virtual double[] Weights(int batch, int token) => Softmax(Scores(batch, token));

    /// <summary>x·Wᵀ + b.</summary>
    protected double[] Scores(int batch, int token) => Project(Row("x", batch, token), "w", "b");

    /// <summary>exp(score − maximum) divided by their sum.</summary>
    protected double[] Softmax(double[] scores)
    {
        double max = Largest(scores);
        double[] weights = [.. scores.Select(score => Arithmetic.Round(Math.Exp(Arithmetic.Round(score - max))))];
        double sum = Arithmetic.Sum(weights);
        return [.. weights.Select(weight => Arithmetic.Round(weight / sum))];
    }

    /// <summary>What is subtracted from all scores.</summary>
    protected virtual double Largest(double[] scores)
    {
        double max = double.NegativeInfinity;
        foreach (double score in scores)
            max = double.IsNaN(score) ? score : Math.Max(max, score);
        return max;
    }
}

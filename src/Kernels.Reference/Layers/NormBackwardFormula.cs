using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="NormBackward"/>: dx = r·(h − mean(h) − x̂·mean(h∘x̂)), dgain = Σ dy∘x̂, dbias = Σ dy, with h = dy∘gain.</summary>
internal class NormBackwardFormula(NormBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerBackwardFormula(operation, arithmetic, problem, numbers)
{
    /// <inheritdoc/>
    protected override double[] Gradient(string name, int head, int token) => name switch
    {
        "dx" => OfRow(RowOf("x", head * Problem.Queries + token), RowOf("dy", head * Problem.Queries + token)),
        "dgain" => OfGain(name),
        _ => OfBias(name, All("dy")),
    };

    /// <summary>x̂ and the factor r of a row.</summary>
    protected virtual (double[] Normed, double Factor) Normalise(double[] x)
    {
        double mean = operation.RootMeanSquare ? 0 : Arithmetic.Round(Arithmetic.Sum(x) / x.Length);
        double[] centred = operation.RootMeanSquare ? x : [.. x.Select(number => Arithmetic.Round(number - mean))];
        double square = Arithmetic.Round(Arithmetic.Dot(centred, centred) / x.Length);
        double factor = Arithmetic.Round(1 / Arithmetic.Round(Math.Sqrt(Arithmetic.Round(square + operation.Epsilon))));
        return ([.. centred.Select(number => Arithmetic.Round(number * factor))], factor);
    }

    /// <summary>The gradient of a row of x.</summary>
    protected virtual double[] OfRow(double[] x, double[] dy)
    {
        (double[] normed, double factor) = Normalise(x);
        double[] h = Scaled(dy);
        double mean = operation.RootMeanSquare ? 0 : MeanOfGradient(h), product = MeanOfProduct(h, normed);
        return
        [
            .. h.Select((number, c) => Arithmetic.Round(factor * Arithmetic.Round(Arithmetic.Round(number - mean) - Arithmetic.Round(normed[c] * product)))),
        ];
    }

    /// <summary>h = dy∘gain.</summary>
    protected virtual double[] Scaled(double[] dy)
    {
        ReadOnlySpan<float> gain = Numbers["gain"];
        double[] h = new double[dy.Length];
        for (int c = 0; c < h.Length; c++)
            h[c] = Arithmetic.Round(dy[c] * gain[c]);
        return h;
    }

    /// <summary>mean(h).</summary>
    protected virtual double MeanOfGradient(double[] h) => Arithmetic.Round(Arithmetic.Sum(h) / h.Length);

    /// <summary>mean(h∘x̂).</summary>
    protected virtual double MeanOfProduct(double[] h, double[] normed) => Arithmetic.Round(Arithmetic.Dot(h, normed) / h.Length);

    private double[] OfGain(string name)
    {
        double[] products = new double[RowCount * Problem.Width];
        for (int row = 0; row < RowCount; row++)
        {
            double[] normed = Normalise(RowOf("x", row)).Normed, dy = RowOf("dy", row);
            for (int c = 0; c < normed.Length; c++)
                products[row * normed.Length + c] = Arithmetic.Round(dy[c] * normed[c]);
        }
        return OfBias(name, products);
    }
}

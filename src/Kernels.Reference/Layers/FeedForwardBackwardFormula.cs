using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="FeedForwardBackward"/>. What all rows have between the products is computed once for all rows of a block.</summary>
internal class FeedForwardBackwardFormula(FeedForwardBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : LayerBackwardFormula(operation, arithmetic, problem, numbers)
{
    private double[]? x, dy, du, dv, turned;

    /// <inheritdoc/>
    protected override double[] Gradient(string name, int head, int token) => name switch
    {
        "dx" => OfRow(head * Problem.Queries + token),
        "dw1" => OfMatrix(name, Column(x ??= All("x"), token), du ??= Between(row => Hidden(row).Du)),
        "db1" => OfBias(name, Between(row => Hidden(row).Du)),
        "dw3" => OfMatrix(name, Column(x ??= All("x"), token), dv ??= Between(row => Hidden(row).Dv)),
        "db3" => OfBias(name, Between(row => Hidden(row).Dv)),
        "dw2" => OfMatrix(name, Activated(token), dy ??= All("dy")),
        _ => OfBias(name, All("dy")),
    };

    /// <summary>f′(u).</summary>
    protected virtual double Derivative(double u)
    {
        // The limits: the products below are ∞ · 0 there.
        if (double.IsInfinity(u))
            return u > 0 ? 1 : 0;
        if (operation.Activation == Activation.Relu)
            return u <= 0 ? 0 : 1;
        if (operation.IsGated)
        {
            double sigmoid = Arithmetic.Round(1 / Arithmetic.Round(1 + Arithmetic.Round(Math.Exp(-u))));
            return Arithmetic.Round(sigmoid * Arithmetic.Round(1 + Arithmetic.Round(u * Arithmetic.Round(1 - sigmoid))));
        }
        double distribution = Arithmetic.Round(0.5 * Arithmetic.Round(1 + Arithmetic.Round(ErrorFunction.Of(Arithmetic.Round(u * Math.Sqrt(0.5))))));
        double density = Arithmetic.Round(Arithmetic.Round(Math.Exp(Arithmetic.Round(-0.5 * u * u))) / Math.Sqrt(2 * Math.PI));
        return Arithmetic.Round(distribution + Arithmetic.Round(u * density));
    }

    /// <summary>g∘f′(u), or g∘v∘f′(u) with a gate.</summary>
    protected virtual double Inner(double g, double u, double v) =>
        Arithmetic.Round((operation.IsGated ? Arithmetic.Round(g * v) : g) * Derivative(u));

    /// <summary>dv = g∘f(u).</summary>
    protected virtual double Gate(double g, double u) => Arithmetic.Round(g * Activate(u, operation.Activation));

    /// <summary>du and dv of a row of all sequences; dv is empty without a gate.</summary>
    private (double[] Du, double[] Dv) Hidden(int row)
    {
        double[] rowOfX = RowOf("x", row), u = Project(rowOfX, "w1", "b1"), v = operation.IsGated ? Project(rowOfX, "w3", "b3") : u;
        double[] g = TimesTransposed(RowOf("dy", row), "w2"), inner = new double[u.Length], gate = new double[operation.IsGated ? u.Length : 0];
        for (int c = 0; c < u.Length; c++)
            inner[c] = Inner(g[c], u[c], v[c]);
        for (int c = 0; c < gate.Length; c++)
            gate[c] = Gate(g[c], u[c]);
        return (inner, gate);
    }

    private double[] Between(Func<int, double[]> compute) => [.. Enumerable.Range(0, RowCount).SelectMany(compute)];

    private double[] OfRow(int row)
    {
        (double[] inner, double[] gate) = Hidden(row);
        double[] gradient = TimesTransposed(inner, "w1");
        return operation.IsGated ? Add(gradient, TimesTransposed(gate, "w3")) : gradient;
    }

    // A column of a, the rows between the products.
    private double[] Activated(int column)
    {
        double[] u = OfColumn("w1", "b1", column), v = operation.IsGated ? OfColumn("w3", "b3", column) : u;
        return [.. u.Select((number, row) => operation.IsGated
            ? Arithmetic.Round(Activate(number, operation.Activation) * v[row])
            : Activate(number, operation.Activation))];
    }

    // A column of x·W + b.
    private double[] OfColumn(string matrix, string bias, int column)
    {
        ReadOnlySpan<float> w = Numbers[matrix];
        double[] weights = new double[Problem.Width], sums = new double[RowCount];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = w[i * Problem.Hidden + column];
        Arithmetic.Mix(weights, turned ??= Turned(), sums);
        for (int row = 0; row < sums.Length; row++)
            sums[row] = Arithmetic.Round(sums[row] + Numbers[bias][column]);
        return sums;
    }

    // xᵀ.
    private double[] Turned()
    {
        double[] all = x ??= All("x");
        return [.. Enumerable.Range(0, Problem.Width).SelectMany(column => Column(all, column))];
    }
}

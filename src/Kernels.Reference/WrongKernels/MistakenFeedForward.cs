using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The gradients of a feed-forward network with a mistake.</summary>
internal sealed class MistakenFeedForward(BackwardMistake mistake, FeedForwardBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : FeedForwardBackwardFormula(operation, arithmetic, problem, numbers)
{
    private readonly Activation activation = operation.Activation;
    private string gradient = "";

    protected override bool Counts(int row, string name) => WrongBackward.Counts(mistake, Problem, row, name);

    protected override float[] Transposed(string matrix, int width) =>
        mistake == BackwardMistake.NotTransposed ? Numbers[matrix].ToArray() : base.Transposed(matrix, width);

    protected override double[] Gradient(string name, int head, int token)
    {
        gradient = name;
        return base.Gradient(name, head, token);
    }

    protected override double Derivative(double u) => mistake switch
    {
        BackwardMistake.DerivativeAtOutput => base.Derivative(base.Activate(u, activation)),
        BackwardMistake.DerivativeOfRelu => u <= 0 ? 0 : 1,
        BackwardMistake.DerivativeForgotten => 1,
        BackwardMistake.DerivativeByTanh => OfTanh(u),
        BackwardMistake.SigmoidAlone => 1 / (1 + Math.Exp(-u)),
        _ => base.Derivative(u),
    };

    protected override double Activate(double x, Activation function) =>
        mistake == BackwardMistake.NotActivated && gradient == "dw2" ? x : base.Activate(x, function);

    protected override double Inner(double g, double u, double v) => base.Inner(g, u, mistake == BackwardMistake.GateForgotten ? 1 : v);

    protected override double Gate(double g, double u) => mistake switch
    {
        BackwardMistake.GateByDerivative => g * Derivative(u),
        BackwardMistake.GateNotInInput when gradient == "dx" => 0,
        _ => base.Gate(g, u),
    };

    // Of ½·u·(1 + tanh z), z = √(2/π)·(u + 0.044715·u³).
    private static double OfTanh(double u)
    {
        double factor = Math.Sqrt(2 / Math.PI), tanh = Math.Tanh(factor * (u + 0.044715 * u * u * u));
        return 0.5 * (1 + tanh) + 0.5 * u * (1 - tanh * tanh) * factor * (1 + 3 * 0.044715 * u * u);
    }
}

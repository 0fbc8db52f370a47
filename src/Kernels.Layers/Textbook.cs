using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>The formulas of layers as a textbook writes them, in loops over single numbers.</summary>
internal static unsafe class Textbook
{
    /// <summary>y = x·W + b, row after row of W: down its columns, every number of a large one would be in another page.</summary>
    /// <param name="x">[depth].</param>
    /// <param name="depth">Rows of W.</param>
    /// <param name="w">[depth, width].</param>
    /// <param name="bias">[width]; null without.</param>
    /// <param name="width">Columns of W.</param>
    /// <param name="y">[width].</param>
    public static void Product(float* x, int depth, float* w, float* bias, int width, float* y)
    {
        new Span<float>(y, width).Clear();
        for (int i = 0; i < depth; i++)
        {
            float* row = w + (nint)i * width;
            for (int c = 0; c < width; c++)
                y[c] += x[i] * row[c];
        }
        for (int c = 0; bias != null && c < width; c++)
            y[c] += bias[c];
    }

    /// <summary>A number of x·W + b, down a column of W, or of x·Wᵀ + b, along a row; b is the operand after W.</summary>
    /// <param name="call">The call.</param>
    /// <param name="order">Of W.</param>
    /// <param name="x">[depth].</param>
    /// <param name="depth">Numbers of x.</param>
    /// <param name="place">Place of W, [depth, width] or [width, depth].</param>
    /// <param name="width">Numbers of the product.</param>
    /// <param name="column">Which number.</param>
    public static float Number(in Call call, WeightOrder order, float* x, int depth, int place, int width, int column)
    {
        float* w = (float*)call[place].Start;
        float sum = 0;
        for (int i = 0; i < depth; i++)
            sum += x[i] * w[order == WeightOrder.OutIn ? (nint)column * depth + i : (nint)i * width + column];
        return sum + ((float*)call[place + 1].Start)[column];
    }

    /// <summary>An activation; of SwiGLU the factor without the gate.</summary>
    public static float Activate(Activation activation, float x) => activation switch
    {
        Activation.Relu => x < 0 ? 0 : x,
        Activation.SwiGlu => x / (1 + MathF.Exp(-x)),
        _ => Gelu.Of(x),
    };

    /// <summary>What a norm subtracts from the numbers of a row, and then multiplies them by.</summary>
    public static (float Mean, float Factor) Norm(float* x, int width, bool rootMeanSquare, double epsilon)
    {
        float mean = 0, square = 0;
        for (int c = 0; c < width && !rootMeanSquare; c++)
            mean += x[c] / width;
        for (int c = 0; c < width; c++)
            square += (x[c] - mean) * (x[c] - mean);
        return (mean, 1 / MathF.Sqrt(square / width + (float)epsilon));
    }

    /// <summary>Rotates the pairs of a row of a head by the angles of a position; may be in place.</summary>
    public static void Rotate(float* x, float* y, int d, int position, double rotaryBase)
    {
        for (int i = 0; i < d / 2; i++)
        {
            double angle = position * Math.Pow(rotaryBase, -2.0 * i / d);
            float cos = (float)Math.Cos(angle), sin = (float)Math.Sin(angle), a = x[i], b = x[i + d / 2];
            y[i] = a * cos - b * sin;
            y[i + d / 2] = a * sin + b * cos;
        }
    }

    /// <summary>h = tanh(input + own).</summary>
    public static void Tanh(float* input, float* own, float* h, int hidden)
    {
        for (int c = 0; c < hidden; c++)
            h[c] = MathF.Tanh(input[c] + own[c]);
    }

    /// <summary>The gates of a GRU, and its next state in place of the one before.</summary>
    /// <param name="input">x·W + bw, [3, hidden].</param>
    /// <param name="own">h·U + bu, [3, hidden].</param>
    /// <param name="h">[hidden].</param>
    /// <param name="hidden">Numbers of a state.</param>
    public static void Gru(float* input, float* own, float* h, int hidden)
    {
        for (int c = 0; c < hidden; c++)
        {
            float r = Sigmoid(input[c] + own[c]), z = Sigmoid(input[hidden + c] + own[hidden + c]);
            float n = MathF.Tanh(input[2 * hidden + c] + r * own[2 * hidden + c]);
            h[c] = (1 - z) * n + z * h[c];
        }
    }

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}

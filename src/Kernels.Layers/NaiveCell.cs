namespace Kernels.Layers;

/// <summary>Cells as a textbook writes them, in loops over single numbers.</summary>
internal static unsafe class NaiveCell
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

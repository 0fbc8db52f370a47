using Kernels.Abstractions;
using Kernels.Training.Graphs;
using Rows = Kernels.Tests.Training.DoubleGraph.Rows;

namespace Kernels.Tests.Training;

/// <summary>Formulas of nodes in float64.</summary>
internal static class DoubleNodes
{
    public static void Norm(Rows x, Rows gain, Rows shift, Rows y, int rows, int columns, double epsilon)
    {
        for (int row = 0; row < rows; row++)
        {
            double mean = Enumerable.Range(0, columns).Average(column => x[row, column]);
            double variance = Enumerable.Range(0, columns).Average(column => Math.Pow(x[row, column] - mean, 2));
            for (int column = 0; column < columns; column++)
                y[row, column] = (x[row, column] - mean) / Math.Sqrt(variance + epsilon) * gain[0, column] + shift[0, column];
        }
    }

    public static void Attend(AttentionProblem problem, Rows q, Rows k, Rows v, Rows y)
    {
        int d = problem.HeadDim, tokens = problem.Queries;
        for (int row = 0; row < problem.Batch * tokens; row++)
        {
            (int batch, int query) = Math.DivRem(row, tokens);
            KeyRange visible = problem.VisibleKeys(query);
            for (int head = 0; head < problem.Heads; head++)
            {
                double[] weights = Softmax(
                    [
                        .. Enumerable.Range(visible.Begin, visible.Length).Select(
                            key => Enumerable.Range(head * d, d).Sum(channel => q[row, channel] * k[batch * tokens + key, channel]) / Math.Sqrt(d)),
                    ]);
                for (int channel = head * d; channel < (head + 1) * d; channel++)
                    y[row, channel] = weights.Index().Sum(each => each.Item * v[batch * tokens + visible.Begin + each.Index, channel]);
            }
        }
    }

    public static void Gru(Rows x, Rows u, Rows h, Rows y, int rows, int hidden)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < hidden; i++)
            {
                double r = Sigmoid(x[row, i] + u[row, i]), z = Sigmoid(x[row, hidden + i] + u[row, hidden + i]);
                double n = Math.Tanh(x[row, 2 * hidden + i] + r * u[row, 2 * hidden + i]);
                y[row, i] = (1 - z) * n + z * h[row, i];
            }
        }
    }

    public static void Align(Rows q, Rows k, Rows e, Rows v, Rows y, int batch, int tokens, int width, int hidden)
    {
        for (int b = 0; b < batch; b++)
        {
            double[] weights = Softmax(
                [.. Enumerable.Range(0, tokens).Select(j => Enumerable.Range(0, width).Sum(i => v[0, i] * Math.Tanh(q[b, i] + k[j * batch + b, i])))]);
            for (int i = 0; i < hidden; i++)
                y[b, i] = weights.Index().Sum(each => each.Item * e[each.Index * batch + b, i]);
        }
    }

    public static double Loss(Rows logits, CrossEntropy loss)
    {
        int vocabulary = logits.Columns;
        return loss.Weight * loss.Targets.Index().Average(each =>
        {
            int[] possible = [.. Enumerable.Range(0, vocabulary).Where(word => loss.Hidden[each.Index * vocabulary + word] == 0)];
            double[] weights = Softmax([.. possible.Select(word => logits[each.Index, word])]);
            return -Math.Log(weights[Array.IndexOf(possible, each.Item)]);
        });
    }

    private static double[] Softmax(double[] scores)
    {
        double largest = scores.Max(), sum = scores.Sum(score => Math.Exp(score - largest));
        return [.. scores.Select(score => Math.Exp(score - largest) / sum)];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The derivative of max(u, 0) jumps at 0. Where u is nearly 0 the order of the sum that u is decides on which side a kernel finds it, and none is wrong. So biases are
/// moved until no u = x·W1 + b1 is near 0.
/// </summary>
internal static class JumpsOfRelu
{
    // Far more than float32 rounds, and little beside the sums.
    private const double Beyond = 0.01;

    /// <summary>Moves each bias b1 to the middle of the widest gap, among those near it, between the sums that it is added to.</summary>
    public static void Avoid(Inputs inputs, LayerProblem problem)
    {
        int rows = problem.Batch * problem.Queries, hidden = problem.Hidden;
        var arithmetic = new ExactArithmetic();
        double[][] sums = new double[rows][];
        Parallel.For(0, rows, row => arithmetic.Multiply(
            LayerNumbers.Widen(inputs["x"].Slice(row * problem.Width, problem.Width)), inputs["w1"], sums[row] = new double[hidden]));
        Parallel.For(0, hidden, column =>
        {
            // −sum of a row is where its u would be 0.
            double[] zeros = [.. sums.Select(row => -row[column]).Order()];
            Span<float> biases = inputs["b1"];
            biases[column] = (float)Middle(zeros, biases[column]);
        });
    }

    /// <summary>The middle of the widest of the gaps around a number; itself where it is beyond them all.</summary>
    private static double Middle(double[] ascending, double number)
    {
        const int Gaps = 8;
        int after = Array.BinarySearch(ascending, number);
        after = after < 0 ? ~after : after;
        double widest = 0, middle = number;
        // Beyond the ends there is room.
        if (after == 0 || after == ascending.Length)
            return after == 0 ? Math.Min(number, ascending[0] - Beyond) : Math.Max(number, ascending[^1] + Beyond);
        for (int i = Math.Max(1, after - Gaps); i < Math.Min(ascending.Length, after + Gaps); i++)
        {
            double gap = ascending[i] - ascending[i - 1];
            if (gap > widest)
                (widest, middle) = (gap, (ascending[i] + ascending[i - 1]) / 2);
        }
        return middle;
    }
}

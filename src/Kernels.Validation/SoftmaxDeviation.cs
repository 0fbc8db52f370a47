using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// NMSE of another operation, or of softmax attention on narrower inputs, against softmax attention in float32, between the gold of both.
/// It is reported only.
/// </summary>
internal static class SoftmaxDeviation
{
    private static readonly AttentionProblem Problem = new(1, 2, 2, 128, 128, 64);

    /// <summary>NMSE against softmax attention by input family; null for softmax attention in float32 itself.</summary>
    public static IReadOnlyDictionary<string, double>? Measure(KernelInfo kernel, GateOptions options)
    {
        bool isSoftmax = kernel.Operation is SoftmaxAttention && kernel.Format.Input == Element.Float32 && kernel.Products == Element.Float32;
        // The result of a step depends on its state and cannot be compared.
        if (isSoftmax || kernel.Operation is not AttentionOperation or SoftmaxStep || kernel.Operation.IsGradient)
            return null;
        var deviation = new SortedDictionary<string, double>(StringComparer.Ordinal);
        OperationReference reference = options.Cache.Reference(kernel.Operation);
        foreach (InputFamily family in reference.Families(kernel.Format.Input))
        {
            var gateCase = new GateCase(Problem, family, Seed: 1);
            deviation[family.Text()] =
                Nmse(options.Cache.Expectation(gateCase, kernel), options.Cache.Expectation(gateCase, Operations.Softmax));
        }
        return deviation;
    }

    private static double Nmse(Expectation other, Expectation softmax)
    {
        OutputExpectation actual = other.Outputs[0], expected = softmax.Outputs[0];
        double squares = 0;
        for (int head = 0; head < expected.Rows.Heads; head++)
        {
            for (int row = 0; row < expected.Rows.OfHead(head).Length; row++)
            {
                ReadOnlySpan<double> a = actual.Gold(head, row), b = expected.Gold(head, row);
                for (int c = 0; c < a.Length; c++)
                    squares += (a[c] - b[c]) * (a[c] - b[c]);
            }
        }
        return squares / expected.GoldSquares;
    }
}

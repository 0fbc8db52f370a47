using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>How far another definition, or softmax attention of inputs rounded to half, is from softmax attention: the two oracles compared. Reported, never judged.</summary>
internal static class SoftmaxDeviation
{
    private static readonly AttentionProblem Problem = new(1, 2, 2, 128, 128, 64);

    /// <summary>NMSE against the softmax oracle by input family; null for softmax attention in float32 itself.</summary>
    public static IReadOnlyDictionary<string, double>? Measure(KernelInfo kernel, GateOptions options)
    {
        if (kernel.Definition == Definition.Softmax && kernel.Precision == Precision.Single)
            return null;
        var deviation = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (InputFamily family in Enum.GetValues<InputFamily>())
        {
            var gateCase = new GateCase(Problem, family, Seed: 1);
            deviation[family.ToString().ToLowerInvariant()] =
                Nmse(options.Cache.Reference(gateCase, kernel.Definition, kernel.Precision), options.Cache.Reference(gateCase, Definition.Softmax));
        }
        return deviation;
    }

    private static double Nmse(Expectation other, Expectation softmax)
    {
        double squares = 0;
        for (int head = 0; head < Problem.Batch * Problem.Heads; head++)
        {
            for (int row = 0; row < softmax.Rows.OfHead(head).Length; row++)
            {
                ReadOnlySpan<double> actual = other.Gold(head, row), expected = softmax.Gold(head, row);
                for (int c = 0; c < actual.Length; c++)
                    squares += (actual[c] - expected[c]) * (actual[c] - expected[c]);
            }
        }
        return squares / softmax.GoldSquares;
    }
}

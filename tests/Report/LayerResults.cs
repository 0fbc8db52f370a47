using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Tests.Report;

/// <summary>Results of layers whose times follow given laws.</summary>
internal static class LayerResults
{
    /// <summary>A kernel of a layer.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Operation">What it computes.</param>
    /// <param name="Parts">Nanoseconds of each part on one thread by problem.</param>
    public sealed record Line(string Name, LayerOperation Operation, params (string Part, Func<LayerProblem, double> Nanoseconds)[] Parts)
    {
        /// <summary>How many times as fast two threads are.</summary>
        public double Speedup { get; init; } = 2;

        public string? Shape { get; init; } = "model";

        public int? TimesInModel { get; init; }
    }

    /// <summary>A run of lines on problems with one and two threads.</summary>
    public static RunResults Run(params (Line Line, LayerProblem[] Problems)[] measured) => Synthetic.Run() with
    {
        // The made-up times are faster than any machine.
        Ceilings = null,
        Machine = Synthetic.Machine("amd-epyc-2c") with { CacheBytes = new Dictionary<string, long>() },
        Kernels =
        [
            .. measured.Select(each => each.Line).DistinctBy(line => line.Name).Select(line => Synthetic.Kernel(line.Name, passed: 3) with
            {
                Operation = line.Operation.Name,
                Formula = line.Operation.Formula,
            }),
        ],
        Cases = [.. from each in measured from problem in each.Problems from threads in new[] { 1, 2 } select Case(each.Line, problem, threads)],
    };

    /// <summary>Problems of 8 heads of 64 channels between rows of 512 numbers.</summary>
    public static LayerProblem[] Lengths(params int[] lengths) => [.. lengths.Select(length => new LayerProblem(new(1, 8, 8, length, length, 64), 512, 512))];

    private static CaseResult Case(Line line, LayerProblem problem, int threads)
    {
        double[] parts = [.. line.Parts.Select(part => part.Nanoseconds(problem))];
        double median = parts.Sum() / (threads == 1 ? 1 : line.Speedup);
        return new CaseResult
        {
            Kernel = line.Name,
            Problem = problem.ToString(),
            Shape = line.Shape,
            TimesInModel = line.TimesInModel,
            Mask = problem.Mask.Name,
            Threads = threads,
            Status = CaseStatus.Measured,
            Timing = new Timing(median, median * 0.98, median * 1.02, 15),
            ExactGflops = line.Operation.Flops(problem) / median,
            Parts = threads == 1 ? [.. line.Parts.Select((part, i) => new PartShare(part.Part, parts[i] / parts.Sum()))] : null,
        };
    }
}

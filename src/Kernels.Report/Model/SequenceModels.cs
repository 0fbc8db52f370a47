using Kernels.Abstractions;

namespace Kernels.Report.Model;

/// <summary>
/// Recurrences and attention on the same rows: what a run measured of layers on problems of the same sizes, with a recurrence among them. They compute
/// different functions, so only growth, the steps that follow from one another, and the gain of threads are compared.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Key">What the problems share; its workload and threads are those of one of its sweeps.</param>
/// <param name="Sweeps">All of them, by threads.</param>
public sealed record SequenceModels(ReportRun Run, SweepKey Key, ILookup<int, Sweep> Sweeps)
{
    /// <summary>Those of every run.</summary>
    public static IReadOnlyList<SequenceModels> All(ReportData data) =>
    [
        .. from sweep in data.Sweeps
           where sweep.Key.Workload.KnownOperation is LayerOperation && sweep.Key.Workload.IsFloat32
           group sweep by (sweep.Run, Key: sweep.Key with { Workload = Workload.Softmax, Threads = 1 }) into same
           where same.Any(sweep => sweep.Key.Workload.KnownOperation is RecurrentLayer or SequenceToSequence)
           select new SequenceModels(same.Key.Run, same.First().Key, same.ToLookup(sweep => sweep.Key.Threads)),
    ];

    /// <summary>Threads, ascending.</summary>
    public IReadOnlyList<int> Threads { get; } = [.. Sweeps.Select(same => same.Key).Order()];

    /// <summary>Lengths at which something was measured, ascending.</summary>
    public IReadOnlyList<int> Lengths { get; } = [.. Sweeps.SelectMany(same => same).SelectMany(sweep => sweep.Lengths).Distinct().Order()];

    /// <summary>The sizes in words.</summary>
    public string Words
    {
        get
        {
            string widths = Key.Widths.Replace("-m", "width ", StringComparison.Ordinal).Replace("-f", ", hidden ", StringComparison.Ordinal);
            return $"{widths}, {Key.HeadWords} of {Key.HeadDim} channels in multi-head attention";
        }
    }

    /// <summary>All kernels on some threads.</summary>
    public IEnumerable<SweepLine> Lines(int threads) => Sweeps[threads].SelectMany(sweep => sweep.Lines);

    /// <summary>One row for each operation, and for each kernel within multi-head attention: its fastest kernel on one thread at its longest length.</summary>
    public IReadOnlyList<Row> Rows =>
    [
        .. from line in Lines(Threads[0])
           group line by (line.Points[0].Workload.Operation, Core: LayerCore.Of(line.Kernel)) into same
           let fastest = same.OrderByDescending(line => SweepKey.Length(line.Points[^1])).ThenBy(line => line.Points[^1].Nanoseconds).First()
           select new Row(fastest, (LayerOperation)fastest.Points[0].Workload.KnownOperation!, Lines(Threads[^1])
               .FirstOrDefault(line => line.Kernel == fastest.Kernel)),
    ];

    /// <summary>An operation.</summary>
    /// <param name="Line">Its fastest kernel on the fewest threads.</param>
    /// <param name="Operation">What it computes.</param>
    /// <param name="Parallel">The same kernel on the most threads; null where that was not measured.</param>
    public sealed record Row(SweepLine Line, LayerOperation Operation, SweepLine? Parallel)
    {
        /// <summary>Steps that follow from one another, as a law of N: 1, N or 2·N.</summary>
        public string Steps => Law(Operation.Steps);

        /// <summary>The longest of the shortest ways from a row to an output, likewise.</summary>
        public string PathLength => Law(Operation.PathLength);

        /// <summary>How many times as fast the most threads are as the fewest at a length; null where one was not measured.</summary>
        public Ratio? Speedup(int length) =>
            Parallel?.At(length) is { } parallel && Line.At(length) is { } serial && parallel != serial ? Ratio.Of(parallel, serial) : null;

        // From the longest measured problem: a multiple of its length, or a constant.
        private string Law(Func<Problem, long> count)
        {
            ReportCase longest = Line.Points[^1];
            long steps = count(longest.Problem!), length = SweepKey.Length(longest);
            return steps % length != 0 ? $"{steps}" : steps == length ? "N" : $"{steps / length}·N";
        }
    }
}

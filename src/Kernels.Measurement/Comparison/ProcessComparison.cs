using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>
/// The same comparison in several consecutive processes. The addresses of memory and code differ between processes, which can change times
/// by percents and is not visible within one process.
/// </summary>
public static class ProcessComparison
{
    /// <summary>Rows with the medians of the completed processes, and the failure of the first one that did not complete.</summary>
    /// <param name="program">This program, or another with the same command line.</param>
    /// <param name="request">What to compare; <see cref="CompareRequest.Processes"/> is the number of processes.</param>
    /// <param name="arguments">Makes the command line of a process from the file that it writes its rows to.</param>
    /// <param name="progress">Told of each process.</param>
    /// <param name="stop">Cancels; completed processes count.</param>
    public static (IReadOnlyList<CompareRow> Rows, string? Failure) Execute(
        OwnProcess program, CompareRequest request, Func<string, IEnumerable<string>> arguments, IRunProgress progress, CancellationToken stop)
    {
        List<IReadOnlyList<CompareRow>> finished = [];
        using var folder = new TemporaryFolder();
        string? failure = null;
        progress.Expect(request.Processes);
        try
        {
            for (int number = 1; number <= request.Processes && failure is null; number++)
            {
                progress.Begin($"process {number} of {request.Processes}");
                if (Rows(program, arguments, folder[$"{number}.json"], request, stop, out failure) is { } rows)
                    finished.Add(rows);
                progress.End(1);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Returns the results of the completed processes.
        }
        IEnumerable<int> numbers = finished.Count == 0 ? [] : Enumerable.Range(0, request.Entries.Count);
        return ([.. numbers.Select(row => Merge([.. finished.Select(rows => rows[row])]))], failure);
    }

    /// <summary>
    /// Merges the rows of several processes: medians over the processes, with their <see cref="MedianInterval"/>. A row that one process
    /// could not measure has no numbers, and a ceiling that one did not probe is omitted.
    /// </summary>
    internal static CompareRow Merge(IReadOnlyList<CompareRow> processes)
    {
        if (processes.FirstOrDefault(row => row.Status != CaseStatus.Measured) is { } failed)
            return failed;
        CompareRow first = processes[0];
        MedianInterval? ratio = Over(processes, row => row.Ratio);
        double floor = MedianInterval.Of([.. processes.Select(row => row.NoiseFloor!.Value)]).Median;
        ContestantResult[] contestants = [.. first.Contestants.Select((_, i) => Merge([.. processes.Select(row => row.Contestants[i])]))];
        return first with
        {
            Rounds = processes.Sum(row => row.Rounds),
            Contestants = contestants,
            Ratio = ratio,
            SelfRatio = Over(processes, row => row.SelfRatio),
            NoiseFloor = floor,
            Faster = ratio is { } known ? ComparisonVerdict.Faster(contestants[0].Name, contestants[1].Name, known, floor) : null,
            Peak = Median(processes.Select(row => row.Peak?.Gflops)) is { } peak ? first.Peak! with { Gflops = peak } : null,
            Read = Median(processes.Select(row => row.Read?.GigabytesPerSecond)) is { } read ? first.Read! with { GigabytesPerSecond = read } : null,
            Processes = processes,
        };
    }

    private static ContestantResult Merge(IReadOnlyList<ContestantResult> processes)
    {
        MedianInterval time = Over(processes, each => each.Ns)!.Value;
        return processes[0] with
        {
            Ns = time,
            ExactGflops = MedianInterval.Of([.. processes.Select(each => each.ExactGflops)]).Median,
            PeakShare = Over(processes, each => each.PeakShare),
            ExecutedPeakShare = Over(processes, each => each.ExecutedPeakShare),
            ReadShare = Over(processes, each => each.ReadShare),
            RoundsNs = null,
            ThreadsBusy = processes.Max(each => each.ThreadsBusy),
        };
    }

    private static MedianInterval? Over<T>(IReadOnlyList<T> processes, Func<T, MedianInterval?> value)
    {
        double[] medians = [.. processes.Select(value).OfType<MedianInterval>().Select(each => each.Median)];
        return medians.Length == processes.Count ? MedianInterval.Of(medians) : null;
    }

    private static double? Median(IEnumerable<double?> values)
    {
        double?[] all = [.. values];
        return all.Contains(null) ? null : MedianInterval.Of([.. all.OfType<double>()]).Median;
    }

    private static IReadOnlyList<CompareRow>? Rows(
        OwnProcess program, Func<string, IEnumerable<string>> arguments, string file, CompareRequest request, CancellationToken stop, out string? failure)
    {
        (int exitCode, string lastError) = program.Run(arguments(file), new Dictionary<string, string>(), stop);
        // Ctrl-C reaches the child too, which then exits by itself.
        stop.ThrowIfCancellationRequested();
        CompareResults? results = File.Exists(file) ? JsonFile.Read<CompareResults>(file, out _) : null;
        bool whole = results is { Interrupted: false } && results.Rows.Count == request.Entries.Count;
        failure = whole ? null : $"A process ended with exit code {exitCode} and without results{(lastError == "" ? "" : $": {lastError}")}.";
        return whole ? [.. results!.Rows.Zip(request.Entries, (row, entry) => row with { Shape = entry.Problem.Shape })] : null;
    }
}

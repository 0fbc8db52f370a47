using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>The runs of one machine over time, and what became faster or slower from one to the next.</summary>
public sealed class RunHistory
{
    /// <summary>Computes the history of <paramref name="runs"/>, which are of one machine, at least two.</summary>
    public RunHistory(IEnumerable<RunResults> runs)
    {
        Data = new ReportData([.. runs.OrderBy(run => run.Run.Started)]);
        Cases = RunComparison.Rows(Data);
        Steps = [.. Cases.SelectMany(HistoryStep.Of).Where(step => step.Counts).OrderByDescending(step => step.Run).ThenByDescending(step => step.Size)];
        Changed = Steps.Select(step => step.Case).ToHashSet();
    }

    /// <summary>The runs, oldest first.</summary>
    public ReportData Data { get; }

    /// <summary>Every case that at least two runs measured.</summary>
    public IReadOnlyList<RunComparison.Row> Cases { get; }

    /// <summary>The steps that count, the latest first, and of those the largest.</summary>
    public IReadOnlyList<HistoryStep> Steps { get; }

    /// <summary>The cases with such a step.</summary>
    public IReadOnlySet<RunComparison.Row> Changed { get; }

    /// <summary>What differs on the machine from the run before, apart from the code.</summary>
    public IEnumerable<string> Differences(int run) =>
        run == 0 ? [] : MachineFacts.Differences(Data.Runs[run - 1].Results.Machine, Data.Runs[run].Results.Machine);
}

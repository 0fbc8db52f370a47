using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>How near each kernel is to the fastest over all problems of a run: whether one kernel is a good choice for everything.</summary>
public static class KernelShares
{
    private const int LeastProblems = 3;

    /// <summary>One chart for each operation and format that at least three problems were measured of.</summary>
    public static IEnumerable<Chart> Draw(ReportData data, KernelStyles styles) =>
        from answer in data.Answers
        where answer.Cases.Count > 1
        group answer by (answer.Best.Run, answer.Best.Workload) into problems
        where problems.Count() >= LeastProblems
        select Draw(data, styles, problems.Key.Run, problems.Key.Workload, [.. problems]);

    private static Chart Draw(ReportData data, KernelStyles styles, ReportRun run, Workload workload, List<Answer> problems)
    {
        var chart = new RowChart
        {
            Title = $"{workload.Words}: speed as a share of the fastest kernel's, over {problems.Count} problems",
            Subtitle = run.Results.Machine.Processor,
            Axis = Axis.Linear("speed ÷ that of the fastest kernel on the same problem", 1.02, Numbers.PercentTick),
            Headings = ["median", "fastest on"],
            Rows =
            [
                .. from kernel in problems.SelectMany(answer => answer.Cases.Select(shown => (
                       shown.Result.Kernel, Share: answer.Best.Nanoseconds / shown.Nanoseconds, IsBest: shown == answer.Best)))
                   group kernel by kernel.Kernel into same
                   let shares = same.Select(each => each.Share).Order().ToList()
                   orderby Quantile.Of(shares, 0.5) descending
                   select Row(styles, same.Key, shares, same.Count(each => each.IsBest)),
            ],
        };
        return new Chart(
            FileName.Of("shares", workload.Distinction, data.LabelOf(run)), chart,
            "Each kernel over the problems, masks and numbers of threads that it was measured on: the box holds the middle half, the marker is the median, "
            + "whiskers reach to the least and the most. 100 % is the fastest kernel there.");
    }

    private static ChartRow Row(KernelStyles styles, string kernel, List<double> shares, int wins) => new(
        kernel, kernel, styles[kernel], Quantile.Of(shares, 0.5), shares[0], shares[^1],
        [Numbers.Percent(Quantile.Of(shares, 0.5)), $"{wins} of {shares.Count}"],
        new Hint($"{kernel}\nmedian {Numbers.Percent(Quantile.Of(shares, 0.5))}, {Numbers.Percent(shares[0])} to {Numbers.Percent(shares[^1])}\nfastest on "
            + $"{wins} of {shares.Count} problems"))
    {
        Box = new(Quantile.Of(shares, 0.25), Quantile.Of(shares, 0.75)),
    };
}

using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>A report is made of whatever there is.</summary>
[RunsOnce]
public sealed class EmptyDataTests
{
    public static TheoryData<string> Cases =>
        ["no cases", "nothing at all", "one length", "all unsupported", "no ceilings", "no baseline", "unknown mask"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void PageIsWellFormed(string what)
    {
        using var folder = new TemporaryFolder();
        PageTests.Parse(folder.Write(Run(what)));
        Assert.All(Directory.GetFiles(folder.File(ReportFolder.Charts)), chart =>
            Assert.DoesNotContain("NaN", File.ReadAllText(chart), StringComparison.Ordinal));
    }

    private static RunResults Run(string what)
    {
        RunResults run = Synthetic.Run();
        return what switch
        {
            "no cases" => run with { Cases = [] },
            "nothing at all" => run with { Cases = [], Kernels = [], Ceilings = null, Validator = null },
            "one length" => run with { Cases = [Synthetic.Measured("flash-a", "b1-h8-q128-k128-d64")] },
            "all unsupported" => run with
            {
                Cases = [Synthetic.Unmeasured(CaseStatus.Unsupported, "needs AVX-512", "flash-a", "b1-h8-q128-k128-d64")],
            },
            "no ceilings" => run with { Ceilings = null },
            "no baseline" => run with { Cases = [.. run.Cases.Where(result => result.Kernel != ReportData.Baseline)] },
            "unknown mask" => run with
            {
                Cases = [Synthetic.Unmeasured(CaseStatus.Skipped, "later version", "flash-a", "b1-h8-q128-k128-d64-spiral7")],
            },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }
}

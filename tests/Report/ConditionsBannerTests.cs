using System.Xml.Linq;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The first thing that a report says is whether its figures can be trusted.</summary>
[RunsOnce]
public sealed class ConditionsBannerTests
{
    private static readonly RunResults quiet = Synthetic.Run() with
    {
        Machine = Synthetic.Machine("m") with
        {
            Model = new ProcessorModel
            {
                Vendor = "AuthenticAMD",
                Family = 26,
                Model = 2,
                Stepping = 1,
                Microarchitecture = "Zen 5",
                Vectors = VectorSet.Avx512,
                ClockMhz = 2096,
            },
            OpenBlas = new OpenBlasUse("SkylakeX", 1),
            Environment = new ProcessEnvironment(),
        },
        Cases = [Measured("b1-h8-q128-k128-d64"), Measured("b1-h8-q256-k256-d64")],
    };

    [Fact]
    public void A_quiet_run_says_so_and_names_the_machine_exactly()
    {
        (string banner, string page) = Written(quiet);

        Assert.Equal("Quiet. No handicap and no disturbance was seen.", banner);
        Assert.Contains("(Zen 5)", page);
        Assert.Contains("Zen 5 (AuthenticAMD family 26, model 2, stepping 1) at 2,096 MHz", page);
        Assert.Contains("OpenBLAS for SkylakeX", page);
    }

    [Fact]
    public void A_run_without_its_environment_does_not_claim_that_there_was_no_handicap() =>
        Assert.Contains("but the environment was not recorded", Written(quiet with { Machine = Synthetic.Machine("old") }).Banner);

    [Fact]
    public void Each_warning_is_in_the_banner_the_summary_and_the_headline()
    {
        RunResults handicapped = quiet with
        {
            Machine = quiet.Machine with
            {
                OpenBlas = new OpenBlasUse("Haswell", 1),
                Environment = new ProcessEnvironment
                {
                    Variables = new Dictionary<string, string> { ["OPENBLAS_CORETYPE"] = "Haswell", ["LD_PRELOAD"] = "<b>x.so</b>" },
                },
            },
        };

        (string banner, _) = Written(handicapped);

        Assert.StartsWith("Handicapped.", banner);
        Assert.Contains("OPENBLAS_CORETYPE=Haswell: OpenBLAS computes with AVX2", banner);
        Assert.Contains("LD_PRELOAD=<b>x.so</b>: code of another library", banner);
        Assert.Contains("- **Handicap**: ", MarkdownSummary.Text(new ReportData([handicapped])));
        Assert.Contains("**Handicapped**: OPENBLAS", HeadlineMarkdown.Text(handicapped, "reports/x", "bench").Text);
        Assert.DoesNotContain("Handicap", HeadlineMarkdown.Text(quiet, "reports/x", "bench").Text);
    }

    [Fact]
    public void No_share_of_a_peak_that_moved_is_shown()
    {
        RunResults moved = quiet with { Ceilings = quiet.Ceilings! with { PeakDrift = -0.54 } };

        (string banner, string page) = Written(moved);

        Assert.StartsWith("Disturbed.", banner);
        Assert.Contains("fell by 54 %", banner);
        Assert.All(new ReportData([moved]).Measured, shown => Assert.Equal((null, null), (shown.Result.CeilingShare, shown.Result.ExecutedShare)));
        Assert.Contains("no peak was steady", page);
        Assert.DoesNotContain("Roofline,", page);
        Assert.All(new ReportData([quiet]).Measured, shown => Assert.NotNull(shown.Result.CeilingShare));
    }

    private static CaseResult Measured(string problem) =>
        Synthetic.Measured("flash-avx512-6x64", problem) with { CeilingShare = 0.9, ExecutedShare = 0.95 };

    private static (string Banner, string Page) Written(RunResults run)
    {
        using var folder = new TemporaryFolder();
        XElement page = PageTests.Parse(folder.Write(run)).Root!;
        return (Text(page.Descendants("aside").Single()), Text(page));

        static string Text(XElement element) => string.Join(' ', element.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

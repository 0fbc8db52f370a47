using System.Diagnostics;
using Kernels.Report.Files;
using Kernels.Report.Png;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The page in a real browser, where one is installed.</summary>
[RunsOnce]
public sealed class BrowserTests(ReportFixture report) : IClassFixture<ReportFixture>
{
    [Fact]
    public void ScriptRunsWithoutErrors()
    {
        (string dom, string log) = Open(Path.Combine(report.Folder, ReportFolder.Page));
        Assert.Contains("data-ready=\"true\"", dom, StringComparison.Ordinal);
        Assert.Contains("aria-pressed=\"true\"", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
    }

    private static (string Dom, string Log) Open(string file)
    {
        HeadlessChrome? browser = HeadlessChrome.Find();
        Assert.SkipWhen(browser is null, "neither Chrome nor Chromium nor Edge was found");
        using var profile = new TemporaryFolder();
        string[] arguments =
            [.. HeadlessChrome.Arguments(profile.Path), "--enable-logging=stderr", "--dump-dom", new Uri(file).AbsoluteUri];
        var start = new ProcessStartInfo(browser.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync();
        Task<string> dom = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the browser did not end within 60 s");
        }
        return (dom.GetAwaiter().GetResult(), log.GetAwaiter().GetResult());
    }
}

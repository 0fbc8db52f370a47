using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Results;

namespace Kernels.Tests.Report;

/// <summary>A report in a folder of its own, written once for the tests that look at it.</summary>
public sealed class ReportFixture : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("report-test-");

    public ReportFixture()
    {
        Run = Synthetic.Run();
        ReportWriter.Write([Run], Folder, withPng: false);
        Html = File.ReadAllText(Path.Combine(Folder, ReportFolder.Page));
    }

    public RunResults Run { get; }

    public string Folder => folder.FullName;

    public string Html { get; }

    public IEnumerable<string> Charts => Directory.EnumerateFiles(Path.Combine(Folder, ReportFolder.Charts), "*.svg");

    public void Dispose() => folder.Delete(recursive: true);
}

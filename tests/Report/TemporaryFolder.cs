using Kernels.Bench.Report;
using Kernels.Bench.Results;

namespace Kernels.Tests.Report;

/// <summary>A folder that ends with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("report-test-");

    public string Path => folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a report without PNG files and returns its page.</summary>
    public string Write(params RunResults[] runs)
    {
        ReportWriter.Write(runs, Path, png: null);
        return System.IO.File.ReadAllText(File(ReportFolder.Page));
    }

    public void Dispose() => folder.Delete(recursive: true);
}

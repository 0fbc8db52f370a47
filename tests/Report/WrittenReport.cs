using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Results;

namespace Kernels.Tests.Report;

/// <summary>Reports without PNG files.</summary>
internal static class WrittenReport
{
    /// <summary>Writes the report of some runs into a folder and returns its page.</summary>
    public static string Write(this TemporaryFolder folder, params RunResults[] runs)
    {
        ReportWriter.Write(runs, folder.Path, withPng: false);
        return File.ReadAllText(folder.File(ReportFolder.Page));
    }
}

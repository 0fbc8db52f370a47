using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>Where a report is written.</summary>
public static class ReportFolder
{
    /// <summary>The page.</summary>
    public const string Page = "index.html";

    /// <summary>Folder of the chart files, beside the page.</summary>
    public const string Charts = "charts";

    /// <summary>Refuses a folder with other files than a report, so that no file of the user is overwritten.</summary>
    /// <exception cref="UserError">The folder has files, but no report.</exception>
    public static void RequireFree(string folder)
    {
        if (File.Exists(folder))
            throw new UserError($"{folder} is a file; --out names a folder.");
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any() || HoldsReport(folder))
            return;
        throw new UserError($"{folder} has files but no report of this program; name a new or empty folder.");
    }

    /// <summary>Creates the folder, and removes the charts of an earlier report, which may have other names.</summary>
    public static void Prepare(string folder)
    {
        string charts = Path.Combine(folder, Charts);
        Directory.CreateDirectory(charts);
        foreach (string file in Directory.EnumerateFiles(charts).Where(file => Path.GetExtension(file) is ".svg" or ".png"))
            File.Delete(file);
    }

    private static bool HoldsReport(string folder)
    {
        string page = Path.Combine(folder, Page);
        return File.Exists(page) && File.ReadLines(page).Take(20).Any(line => line.Contains(Html.Page.Generator, StringComparison.Ordinal));
    }
}

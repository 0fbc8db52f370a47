using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>
/// Where a report is written. It writes and removes only files that a report wrote before, which <see cref="Manifest"/> lists, and follows
/// no link.
/// </summary>
public static class ReportFolder
{
    /// <summary>The page.</summary>
    public const string Page = "index.html";

    /// <summary>Folder of the chart files, beside the page.</summary>
    public const string Charts = "charts";

    /// <summary>The files of the report, one relative path with slashes a line, after a first line by which it is known.</summary>
    public const string Manifest = "report-files.txt";

    private const string ManifestTitle = "# The files of an attention kernel report, which the next one here overwrites or removes:";

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

    /// <summary>Whether a name from a results file is that of a file inside the folder, by a plain path that can be a link.</summary>
    internal static bool IsInside(string folder, string file) =>
        file.Split('/').All(part => part is not ("" or "." or "..") && !part.AsSpan().ContainsAny(":\\?#%"))
        && File.Exists(Path.Combine(folder, file));

    /// <summary>
    /// Creates the folder, removes what an earlier report wrote and this one does not, and lists what this one writes. Nothing is changed
    /// when it throws.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Relative paths with slashes of what will be written: the page and files beside it, and charts.</param>
    /// <exception cref="UserError">One of the files is there and no report wrote it, or it is a link.</exception>
    internal static void Prepare(string folder, IReadOnlyCollection<string> files)
    {
        RequireNoLink(Path.Combine(folder, Charts));
        HashSet<string> own = Own(folder, files);
        foreach (string file in files.Append(Manifest))
        {
            string path = Path.Combine(folder, file);
            RequireNoLink(path);
            if (Directory.Exists(path) || (File.Exists(path) && !own.Contains(file)))
                throw new UserError($"{path} was written by no report of this program and would be overwritten; name another folder with --out.");
        }
        Directory.CreateDirectory(Path.Combine(folder, Charts));
        // Before the files are written, so that those of a report that is cut short are known too.
        WholeFile.WriteText(Path.Combine(folder, Manifest), string.Concat(files.Prepend(ManifestTitle).Select(line => line + "\n")));
        WholeFile.Sweep(own.Union(files).Append(Manifest).Select(file => Path.Combine(folder, file)));
        foreach (string old in own.Except(files).Where(old => old != Manifest))
        {
            RequireNoLink(Path.Combine(folder, old));
            File.Delete(Path.Combine(folder, old));
        }
    }

    /// <summary>
    /// What earlier reports wrote. Reports of earlier versions have no manifest: of theirs, the files with the names of this one are.
    /// </summary>
    private static HashSet<string> Own(string folder, IReadOnlyCollection<string> files)
    {
        string manifest = Path.Combine(folder, Manifest);
        RequireNoLink(manifest);
        if (!File.Exists(manifest))
            return HoldsReport(folder) ? [.. files] : [];
        return File.ReadLines(manifest).FirstOrDefault() == ManifestTitle ? [Manifest, .. File.ReadLines(manifest).Where(IsOfReport)] : [];
    }

    // A manifest may come from elsewhere, and must not name what lies elsewhere.
    private static bool IsOfReport(string file)
    {
        string name = file.StartsWith($"{Charts}/", StringComparison.Ordinal) ? file[(Charts.Length + 1)..] : file;
        return name == Path.GetFileName(name) && !name.Contains('\\')
            && (name == file ? name is Page or CsvFile.Name or OpenMetricsFile.Name or MarkdownSummary.Name : Path.GetExtension(name) is ".svg" or ".png");
    }

    private static void RequireNoLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            throw new UserError($"{path} is a link to {target}; a report is not written through links.");
    }

    private static bool HoldsReport(string folder)
    {
        string page = Path.Combine(folder, Page);
        return File.Exists(page) && File.ReadLines(page).Take(20).Any(line => line.Contains(Html.PageLayout.Generator, StringComparison.Ordinal));
    }
}

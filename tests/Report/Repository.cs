namespace Kernels.Tests.Report;

/// <summary>Files of the source tree.</summary>
internal static class Repository
{
    /// <summary>The full path of a file, from the folder of the solution.</summary>
    public static string File(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Kernels.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("Kernels.sln is in no folder above the tests."), path);
    }
}

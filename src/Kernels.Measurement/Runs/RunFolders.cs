using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>Folders of runs: <c>reports/&lt;machine&gt;/&lt;run&gt;</c> in the checkout, or in the current folder outside of one.</summary>
public static class RunFolders
{
    private const string Solution = "Kernels.sln";

    /// <summary>The checkout that the current folder is in, or the current folder.</summary>
    public static string Root()
    {
        string current = Directory.GetCurrentDirectory();
        for (DirectoryInfo? folder = new(current); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        return current;
    }

    /// <summary>The folder of all runs of a machine.</summary>
    public static string OfMachine(string root, string machine) => Path.Combine(root, "reports", machine);

    /// <summary>A new folder named by start and suite, with a number when that name is taken.</summary>
    public static string Fresh(string machineFolder, DateTimeOffset started, string suite)
    {
        string folder = Path.Combine(machineFolder, $"{started.UtcDateTime:yyyy-MM-ddTHHmm}-{suite}");
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? folder : $"{folder}-{number}")
            .First(candidate => !Path.Exists(candidate));
    }

    /// <summary>The latest run of the machine, finished or not.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static string Newest(string machineFolder)
    {
        IEnumerable<string> runs = Directory.Exists(machineFolder) ? Directory.EnumerateDirectories(machineFolder) : [];
        return runs
            .Select(folder => new FileInfo(Path.Combine(folder, RunStore.HeaderFile)))
            .Where(header => header.Exists)
            .MaxBy(header => header.LastWriteTimeUtc)
            ?.DirectoryName
            ?? throw new UserError($"There is no run to resume in {machineFolder}.");
    }
}

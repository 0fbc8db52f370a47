using Kernels.Measurement.Runs;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Runs that a command line names.</summary>
internal static class RunInput
{
    /// <summary>
    /// Reads a folder of a run, or its results.json. While a run goes on, its case files are newer than results.json; a killed run has only
    /// case files.
    /// </summary>
    /// <exception cref="UserError">There is no run, or it is damaged or of another version.</exception>
    public static RunResults Load(string path, TextWriter error)
    {
        if (!File.Exists(Path.Combine(path, RunStore.HeaderFile)))
            return RunFolder.Load(path);
        RunStore store = RunStore.Open(path);
        foreach (string damaged in store.Damaged)
            error.WriteLine($"Damaged, left out: {damaged}");
        return store.Assemble();
    }

    /// <summary>
    /// Reads the runs in a folder, of the machine of the latest. What is damaged or of another machine is left out, which a line each
    /// says.
    /// </summary>
    /// <exception cref="UserError">There are fewer than two.</exception>
    public static IReadOnlyList<RunResults> LoadAll(string folder, TextWriter error)
    {
        if (!Directory.Exists(folder))
            throw new UserError($"{folder} is no folder.");
        List<(string Path, RunResults Results)> runs = [];
        foreach (string path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Where(IsRun))
        {
            try
            {
                runs.Add((path, Load(path, error)));
            }
            catch (UserError damaged)
            {
                error.WriteLine($"Left out: {OneLine.Clean(damaged.Message)}");
            }
        }
        string? machine = runs.Select(run => run.Results).MaxBy(run => run.Run.Started)?.Machine.Name;
        foreach ((string path, RunResults other) in runs.Where(run => run.Results.Machine.Name != machine))
            error.WriteLine($"Left out: {path} is of the machine {OneLine.Quote(other.Machine.Name)}, the latest run of {OneLine.Quote(machine!)}.");
        RunResults[] same = [.. runs.Select(run => run.Results).Where(run => run.Machine.Name == machine)];
        return same.Length >= 2
            ? same
            : throw new UserError($"{folder} has {(same.Length == 0 ? "no run" : "one run")} that can be read; a history needs two of one machine.");
    }

    private static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, RunStore.HeaderFile)) || File.Exists(Path.Combine(folder, RunFolder.ResultsFile));
}

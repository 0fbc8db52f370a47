using System.Diagnostics;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>dev --watch</c>: builds into a folder of its own, so that no running program loses its files, and runs <c>dev</c> in a new process, at
/// the beginning and at every save of a source file.
/// </summary>
internal sealed class DevWatch : IDisposable
{
    private const int MostErrors = 5;

    private static readonly string[] sources = [".cs", ".csproj", ".cl", ".cu", ".cuh"];

    // An editor saves by several changes of several files.
    private static readonly TimeSpan settles = TimeSpan.FromMilliseconds(200);

    private readonly WatchedProject project;
    private readonly TextWriter output;
    private readonly DirectoryInfo build = Directory.CreateTempSubdirectory("kernels-dev-");
    private readonly ManualResetEvent saved = new(false);
    private readonly FileSystemWatcher watcher;

    /// <summary>Begins to watch.</summary>
    public DevWatch(WatchedProject project, TextWriter output)
    {
        (this.project, this.output) = (project, output);
        watcher = new FileSystemWatcher(project.Sources) { IncludeSubdirectories = true };
        watcher.Changed += OnChange;
        watcher.Created += OnChange;
        watcher.Renamed += OnChange;
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="arguments">The command line of one run, without the assembly.</param>
    /// <param name="stop">Ends it.</param>
    public int Run(IEnumerable<string> arguments, CancellationToken stop)
    {
        string[] words =
        [
            .. project.Assembly is { } assembly
                ? [.. ThisProgram.Process.CommandLine(arguments), AssemblyOption.Option.Name, Path.Combine(build.FullName, assembly)]
                : new OwnProcess(Path.Combine(build.FullName, "Kernels.Bench.dll")).CommandLine(arguments),
        ];
        while (!stop.IsCancellationRequested)
        {
            saved.Reset();
            if (Build(stop) && Finish(Start(words, readsOutput: false), stop) is not null)
                output.WriteLine();
            if (!saved.WaitOne(0) && !stop.IsCancellationRequested)
                output.WriteLine($"Waiting for a save in {project.Sources}; Ctrl-C ends.");
            WaitHandle.WaitAny([saved, stop.WaitHandle]);
            Thread.Sleep(settles);
        }
        return ExitCode.Interrupted;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        watcher.Dispose();
        saved.Dispose();
        build.Delete(recursive: true);
    }

    private bool Build(CancellationToken stop)
    {
        List<string> errors = [];
        string[] words =
        [
            SystemProgram.DotNet, "build", project.File, "-c", "Release", "-o", build.FullName, "--nologo", "-v", "quiet", "-clp:ErrorsOnly;NoSummary",
        ];
        Process process = Start(words, readsOutput: true);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.Contains(": error ", StringComparison.Ordinal))
                errors.Add(text.Split(" [")[0].Replace(project.Sources + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Trim());
        };
        process.BeginOutputReadLine();
        if (Finish(process, stop) is not { } exitCode || exitCode == 0)
            return !stop.IsCancellationRequested && !saved.WaitOne(0);
        string[] distinct = [.. errors.Distinct()];
        foreach (string error in distinct.Take(MostErrors))
            output.WriteLine(error);
        output.WriteLine(distinct.Length > MostErrors ? $"The build failed; {distinct.Length - MostErrors} more errors." : "The build failed.");
        return false;
    }

    /// <summary>Waits for the end of a process; a save or the end of the loop ends it, and there is no exit code.</summary>
    private int? Finish(Process process, CancellationToken stop)
    {
        using (process)
        {
            // Not disposed, because the process may tell of its end late.
            var ended = new ManualResetEvent(false);
            process.EnableRaisingEvents = true;
            process.Exited += (_, _) => ended.Set();
            bool whole = process.HasExited || WaitHandle.WaitAny([ended, saved, stop.WaitHandle]) == 0;
            if (!whole)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return whole ? process.ExitCode : null;
        }
    }

    private static Process Start(IReadOnlyList<string> words, bool readsOutput)
    {
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = readsOutput };
        foreach (string word in words.Skip(1))
            start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private void OnChange(object sender, FileSystemEventArgs change)
    {
        // What a build writes is no save.
        string[] folders = Path.GetRelativePath(project.Sources, change.FullPath).Split(Path.DirectorySeparatorChar);
        if (sources.Contains(Path.GetExtension(change.FullPath)) && !folders.Contains("obj") && !folders.Contains("bin"))
            saved.Set();
    }
}

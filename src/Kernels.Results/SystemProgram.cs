using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kernels.Results;

/// <summary>Programs of the system, as processes that do not outlive this one.</summary>
public static class SystemProgram
{
    // Makes the system end a process together with the thread that started it, also when this process is killed and can do nothing.
    private static readonly string? setpriv = OperatingSystem.IsLinux() ? Find("setpriv") : null;

    private static readonly Lazy<BlockingCollection<Action>> starts = new(BeginThread);

    /// <summary>The program <c>dotnet</c> of this process; not Environment.ProcessPath, which may be a test runner.</summary>
    public static string DotNet
    {
        get
        {
            // <dotnet>/shared/Microsoft.NETCore.App/<version>/; a machine may have the program without having it on PATH.
            string program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            string beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", program));
            return File.Exists(beside) ? beside : program;
        }
    }

    /// <summary>The full path of a program on PATH; null where there is none.</summary>
    public static string? Find(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe"] : [""];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        string[] folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => endings.Select(ending => Path.Combine(folder, name + ending))).FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Starts a process. On Linux with util-linux it ends with this process however that ends; what it starts itself does not. Elsewhere it may
    /// outlive a process that is killed.
    /// </summary>
    /// <param name="start">The command, with its arguments in the list.</param>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        string? program = start.FileName.Contains(Path.DirectorySeparatorChar) ? start.FileName : Find(start.FileName);
        if (setpriv is null || program is null || !IsExecutable(program))
            return Process.Start(start)!;
        start.FileName = setpriv;
        foreach ((int place, string word) in new[] { "--pdeathsig", "KILL", "--", program }.Index())
            start.ArgumentList.Insert(place, word);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        starts.Value.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }

    private static bool IsExecutable(string program) =>
        !OperatingSystem.IsWindows() && File.Exists(program)
        && (File.GetUnixFileMode(program) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    // The end of any other thread would end the processes that it started.
    private static BlockingCollection<Action> BeginThread()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (Action start in queue.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "process starts" }.Start();
        return queue;
    }
}

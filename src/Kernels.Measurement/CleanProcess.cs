using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kernels.Measurement.Machine;
using Kernels.Results;

namespace Kernels.Measurement;

/// <summary>
/// This program begun anew without the variables that steer libraries and the runtime, which a running process cannot take back: libraries
/// and runtime have read them.
/// </summary>
public static partial class CleanProcess
{
    /// <summary>Whether this process was begun so.</summary>
    public static bool IsThis => ProcessEnvironmentReader.Removed() is not null;

    /// <summary>
    /// Runs a command line of <paramref name="program"/> without those variables and returns its exit code. On Unix it takes the place of
    /// this process, with its number, terminal and signals, and this method does not return.
    /// </summary>
    /// <exception cref="IOException">It cannot be begun.</exception>
    public static int Run(OwnProcess program, IReadOnlyList<string> arguments)
    {
        IReadOnlyDictionary<string, string> removed = ProcessEnvironmentReader.Variables(SteeringVariables.IsRemovable);
        string record = JsonSerializer.Serialize(removed);
        return OperatingSystem.IsWindows() ? Start(program, arguments, removed.Keys, record) : Replace(program, arguments, removed.Keys, record);
    }

    private static int Replace(OwnProcess program, IReadOnlyList<string> arguments, IEnumerable<string> removed, string record)
    {
        // The C library has an environment of its own, which the new program receives; .NET reads a copy.
        foreach (string name in removed)
            _ = Unset(name);
        _ = Set(ProcessEnvironmentReader.RemovedVariable, record, overwrite: 1);
        string?[] words = [.. program.CommandLine(arguments), null];
        _ = Execute(words[0]!, words);
        throw new IOException($"{words[0]} cannot be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    private static int Start(OwnProcess program, IReadOnlyList<string> arguments, IEnumerable<string> removed, string record)
    {
        string[] words = [.. program.CommandLine(arguments)];
        var start = new ProcessStartInfo(words[0], words.Skip(1));
        foreach (string name in removed)
            start.Environment.Remove(name);
        start.Environment[ProcessEnvironmentReader.RemovedVariable] = record;
        // Ctrl-C reaches all processes of a console: the other one decides when it ends.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using Process process = Process.Start(start) ?? throw new IOException($"{words[0]} cannot be started.");
        process.WaitForExit();
        return process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "execvp", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string file, string?[] arguments);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}

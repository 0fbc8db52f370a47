using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>
/// The folder that bench/gpu-check.sh makes, with stand-ins: a script in place of the program, which hands some verbs on to the real one,
/// and scripts in place of the tools of NVIDIA. Nothing else is on the path but what run.sh needs of the system.
/// </summary>
internal sealed class GpuCheckFolder : IDisposable
{
    private static readonly string[] needed =
    [
        "awk", "bash", "cat", "chmod", "cp", "cut", "dirname", "find", "grep", "gzip", "head", "mkdir", "mktemp", "mv", "rm", "sed", "sh",
        "sleep", "sort", "tail", "tar", "tee", "timeout", "tr", "wc",
    ];

    private readonly TemporaryFolder temporary = new();

    public GpuCheckFolder(string program)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("run.sh is for Linux");
        foreach (string folder in new[] { "program", "path" })
            Directory.CreateDirectory(temporary.File(folder));
        foreach (string tool in needed)
            File.CreateSymbolicLink(Path.Combine(temporary.File("path"), tool), Find(tool));
        foreach (string file in new[] { "run.sh", "torch_sdpa.py" })
            File.Copy(Path.Combine(Repository.Root, "bench", "gpu-check", file), temporary.File(file));
        Directory.CreateSymbolicLink(temporary.File("ptx"), Path.Combine(Repository.Root, "src", "Kernels.Gpu", "Cuda"));
        Script(Path.Combine("program", "Kernels.Bench"), $"echo \"Kernels.Bench $*\" >>{Log}\n{program}");
    }

    /// <summary>The path of dotnet, which is not on the path of the scripts.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet");

    /// <summary>Every call of the program, by itself or in the command line of a tool.</summary>
    public IEnumerable<string[]> Calls => File.ReadLines(Log)
        .Where(line => line.Contains("Kernels.Bench "))
        .Select(line => line[(line.LastIndexOf("Kernels.Bench ", StringComparison.Ordinal) + "Kernels.Bench ".Length)..].Split(' '));

    private string Log => temporary.File("calls");

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => temporary.File(name);

    /// <summary>A tool that logs its command line and runs some shell commands.</summary>
    public void Tool(string name, string commands) => Script(Path.Combine("path", name), $"echo \"{name} $*\" >>{Log}\n{commands}");

    /// <summary>Runs run.sh to its end.</summary>
    public CommandRun Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output.Result, error);
    }

    /// <summary>Starts run.sh.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(temporary.File("path"), "bash"), [temporary.File("run.sh"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = temporary.File("path");
        start.Environment["CUDA_HOME"] = temporary.File("none");
        return Process.Start(start)!;
    }

    /// <summary>The text of a file in results.tar.gz.</summary>
    public string Packed(string name)
    {
        using FileStream file = File.OpenRead(temporary.File("results.tar.gz"));
        using var archive = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
                return new StreamReader(entry.DataStream!).ReadToEnd();
        }
        throw new FileNotFoundException($"results.tar.gz has no {name}.");
    }

    public void Dispose() => temporary.Dispose();

    private static string Find(string tool) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{tool} is not on the path.");

    private void Script(string name, string commands)
    {
        File.WriteAllText(temporary.File(name), $"#!{temporary.File("path/sh")}\n{commands}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

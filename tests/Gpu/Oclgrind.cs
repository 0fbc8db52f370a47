using System.Diagnostics;
using System.Globalization;
using Kernels.Bench.Commands;
using Kernels.Gpu.OpenCL;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>
/// oclgrind: an OpenCL device that interprets kernels and writes down data races, accesses out of bounds, divergent barriers and wrong calls
/// of the API. A process for each check: in a process that used it before, it may find nothing.
/// </summary>
internal static class Oclgrind
{
    private const string Driver = "/usr/lib/oclgrind/liboclgrind-rt-icd.so", Program = "oclgrind-kernel";

    public static void Require() =>
        Assert.SkipUnless(File.Exists(Driver), $"{Driver} is not on this machine (Debian: apt install oclgrind)");

    /// <summary>Runs a command line of this program with oclgrind as the only OpenCL driver; what it wrote down, empty when nothing was wrong.</summary>
    public static string Complaints(params string[] commandLine)
    {
        Require();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("oclgrind.icd"), Driver);
        string drivers = Path.GetDirectoryName(folder.File("oclgrind.icd"))!, log = folder.File("log");
        var environment = new Dictionary<string, string>
        {
            ["OCL_ICD_VENDORS"] = drivers,
            ["OCLGRIND_DATA_RACES"] = "1",
            ["OCLGRIND_CHECK_API"] = "1",
            ["OCLGRIND_LOG"] = log,
        };
        Assert.Equal((0, ""), ThisProgram.Process.Run(commandLine, environment, TestContext.Current.CancellationToken));
        Assert.True(File.Exists(log), "oclgrind was not used");
        return File.ReadAllText(log);
    }

    /// <summary>Runs one kernel of a source alone.</summary>
    /// <param name="source">OpenCL C.</param>
    /// <param name="definitions">Macros for the compiler.</param>
    /// <param name="kernel">Its name.</param>
    /// <param name="groups">Work-groups in each dimension.</param>
    /// <param name="items">Work-items of a group.</param>
    /// <param name="arguments">Each as <c>Floats</c>, <c>Ints</c> and <c>Number</c> write it.</param>
    public static string Complaints(
        string source, string definitions, string kernel, (int X, int Y) groups, (int X, int Y) items, params IEnumerable<string> arguments)
    {
        Require();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("kernel.cl"), source);
        File.WriteAllLines(folder.File("kernel.sim"), [
            "kernel.cl", kernel, $"{groups.X * items.X} {groups.Y * items.Y} 1", $"{items.X} {items.Y} 1", .. arguments]);
        var start = new ProcessStartInfo(Program)
        {
            ArgumentList = { "--data-races", "--log", folder.File("log"), "--build-options", $"-cl-std=CL1.2 {definitions}", "kernel.sim" },
            WorkingDirectory = Path.GetDirectoryName(folder.File("kernel.sim"))!,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && File.Exists(folder.File("log")), $"{Program}: {error}{output.Result}");
        return File.ReadAllText(folder.File("log"));
    }

    /// <summary>A buffer of ones.</summary>
    public static string Floats(int count) => $"<size={sizeof(float) * count} float fill=1>";

    /// <summary>A buffer of these numbers.</summary>
    public static string Ints(params int[] values) => $"<size={sizeof(int) * values.Length} int>\n{string.Join(' ', values)}";

    /// <summary>A number.</summary>
    public static string Number(int value) => $"<size=4 int>\n{value}";

    /// <summary>A number.</summary>
    public static string Number(float value) => string.Create(CultureInfo.InvariantCulture, $"<size=4 float>\n{value}");

    /// <summary>The text of an embedded source.</summary>
    public static string Source(string fileName)
    {
        using var reader = new StreamReader(typeof(OpenClDevice).Assembly.GetManifestResourceStream(fileName)!);
        return reader.ReadToEnd();
    }
}

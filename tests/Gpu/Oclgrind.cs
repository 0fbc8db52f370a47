using System.Runtime.InteropServices;
using System.Text;
using Kernels.Gpu.OpenCL;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>
/// oclgrind as the OpenCL driver: it interprets kernels, and writes down data races, accesses out of bounds, divergent barriers and wrong
/// calls of the API. The kernels' source can be changed on its way to the driver, to see that it finds mistakes.
/// </summary>
internal sealed unsafe partial class Oclgrind : IDisposable
{
    private const string FullLibrary = "/usr/lib/oclgrind/liboclgrind-rt.so";

    private static delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> createProgram;
    private static (string Old, string New)? mutation;

    private readonly TemporaryLog log = new();

    private Oclgrind(OpenClRuntime runtime) => Runtime = runtime;

    public OpenClRuntime Runtime { get; }

    /// <summary>What it wrote down since it was started; empty when nothing was wrong.</summary>
    public string Complaints => File.Exists(log.Path) ? File.ReadAllText(log.Path) : "";

    /// <summary>Starts it, or skips the test where it is not installed. One at a time.</summary>
    /// <param name="change">Text of the kernels' source, and what stands in its place.</param>
    public static Oclgrind Start((string Old, string New)? change = null)
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(FullLibrary, out nint library))
        {
            Assert.Skip($"{FullLibrary} is not on this machine (Debian: apt install oclgrind)");
            throw new InvalidOperationException();
        }
        mutation = change;
        createProgram = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)NativeLibrary.GetExport(library, "clCreateProgramWithSource");
        var started = new Oclgrind(new OpenClRuntime(() => new OpenClLibrary(name => name == "clCreateProgramWithSource"
            ? (nint)(delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)&CreateChangedProgram
            : NativeLibrary.GetExport(library, name))));
        // .NET keeps an environment of its own, which libraries do not see.
        SetEnvironment("OCLGRIND_DATA_RACES", "1", 1);
        SetEnvironment("OCLGRIND_CHECK_API", "1", 1);
        SetEnvironment("OCLGRIND_LOG", started.log.Path, 1);
        Assert.Null(started.Runtime.Unavailable);
        return started;
    }

    public void Dispose()
    {
        Runtime.Dispose();
        log.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [UnmanagedCallersOnly]
    private static nint CreateChangedProgram(nint context, uint count, byte** lines, nuint* lengths, int* error)
    {
        string source = Encoding.UTF8.GetString(lines[0], (int)lengths[0]);
        if (mutation is { } change)
        {
            int at = source.IndexOf(change.Old, StringComparison.Ordinal);
            if (at < 0)
            {
                *error = OpenClError.BuildProgramFailure;
                return 0;
            }
            source = source[..at] + change.New + source[(at + change.Old.Length)..];
        }
        byte[] text = Encoding.UTF8.GetBytes(source);
        nuint length = (nuint)text.Length;
        fixed (byte* start = text)
        {
            byte* line = start;
            return createProgram(context, 1, &line, &length, error);
        }
    }

    private sealed class TemporaryLog : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("oclgrind-").FullName;

        public string Path => System.IO.Path.Combine(folder, "log");

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}

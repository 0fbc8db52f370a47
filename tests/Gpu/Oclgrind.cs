using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Kernels.Gpu.OpenCL;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>
/// oclgrind as the OpenCL driver: it interprets kernels, and writes down data races, accesses out of bounds, divergent barriers and wrong
/// calls of the API. The kernels' source can be changed on its way to the driver, to see that it finds mistakes.
/// </summary>
internal static unsafe partial class Oclgrind
{
    private const string FullLibrary = "/usr/lib/oclgrind/liboclgrind-rt.so";

    private static delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint> createProgram;
    private static (string Old, string New)? mutation;

    /// <summary>Runs something on it, or skips the test where it is not installed. One at a time.</summary>
    /// <param name="use">Uses kernels of the runtime.</param>
    /// <param name="change">Text of the kernels' source, and what stands in its place.</param>
    /// <returns>What it wrote down; empty when nothing was wrong.</returns>
    public static string Complaints(Action<OpenClRuntime> use, (string Old, string New)? change = null)
    {
        nint library = 0;
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && NativeLibrary.TryLoad(FullLibrary, out library),
            $"{FullLibrary} is not on this machine (Debian: apt install oclgrind)");
        mutation = change;
        createProgram = (delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)NativeLibrary.GetExport(library, "clCreateProgramWithSource");
        string folder = Directory.CreateTempSubdirectory("oclgrind-").FullName, log = Path.Combine(folder, "log");
        try
        {
            // .NET keeps an environment of its own, which libraries do not see.
            SetEnvironment("OCLGRIND_DATA_RACES", "1", 1);
            SetEnvironment("OCLGRIND_CHECK_API", "1", 1);
            SetEnvironment("OCLGRIND_LOG", log, 1);
            // It writes when its context is released.
            using (var runtime = new OpenClRuntime(() => new OpenClLibrary(name => Export(library, name))))
                OnFreshThread(() => use(runtime));
            return File.Exists(log) ? File.ReadAllText(log) : "";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static nint Export(nint library, string name) => name == "clCreateProgramWithSource"
        ? (nint)(delegate* unmanaged<nint, uint, byte**, nuint*, int*, nint>)&CreateChangedProgram
        : NativeLibrary.GetExport(library, name);

    // The race detector keeps a state in each thread, and finds nothing in a thread that had another context before.
    private static void OnFreshThread(Action use)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                use();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
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
}

using System.Reflection;
using System.Runtime.InteropServices;

namespace Kernels.NativePeers.Operators;

/// <summary>
/// Native libraries by their files, loaded before anything in them is called: so the reason why one cannot be loaded is the loader's own,
/// and which file was loaded is certain.
/// </summary>
internal static class NativeFile
{
    private static readonly Dictionary<string, nint> loaded = [];

    static NativeFile() => NativeLibrary.SetDllImportResolver(
        typeof(NativeFile).Assembly, (name, _, _) => loaded.GetValueOrDefault(name));

    /// <summary>Loads a library and serves the functions that are imported from <paramref name="name"/> with it.</summary>
    /// <param name="name">Name in the import declarations.</param>
    /// <param name="path">From the folder of this program.</param>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message says why in one line.</exception>
    public static void Load(string name, string path)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new DllNotFoundException($"{name} is here for Linux on x64 alone, not for {RuntimeInformation.RuntimeIdentifier}");
        string file = Path.Combine(AppContext.BaseDirectory, path);
        if (!File.Exists(file))
            throw new DllNotFoundException($"{path} is missing beside {Path.GetFileName(Assembly.GetExecutingAssembly().Location)}");
        try
        {
            loaded[name] = NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // The first lines are general advice, the last is what the system's loader said.
            string[] lines = error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            throw new DllNotFoundException(lines[^1]);
        }
    }
}

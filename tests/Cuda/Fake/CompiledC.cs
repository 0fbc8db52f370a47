using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>Libraries for tests, made of C files of this folder by whatever C compiler there is.</summary>
internal static class CompiledC
{
    private static readonly string[] compilers = ["clang-19", "clang", "gcc", "cc"];

    /// <summary>Compiles a file to a shared library; null when that is done, or else why it cannot be.</summary>
    /// <param name="source">Its name in this folder.</param>
    /// <param name="library">The path of the library.</param>
    /// <param name="options">Further options of the compiler.</param>
    /// <exception cref="InvalidOperationException">A compiler rejects the file.</exception>
    public static string? Build(string source, string library, params string[] options)
    {
        if (!OperatingSystem.IsLinux())
            return "libraries for tests are built on Linux";
        foreach (string compiler in compilers)
        {
            var start = new ProcessStartInfo(compiler)
            {
                ArgumentList = { "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-pthread", "-o", library, Path.Combine(Folder(), source) },
            };
            foreach (string option in options)
                start.ArgumentList.Add(option);
            try
            {
                using Process process = Process.Start(start)!;
                process.WaitForExit();
                return process.ExitCode == 0 ? null : throw new InvalidOperationException($"{compiler} rejects {source}.");
            }
            catch (Win32Exception)
            {
                // Not this one.
            }
        }
        return $"no C compiler builds the libraries for tests: {string.Join(", ", compilers)} are not found";
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

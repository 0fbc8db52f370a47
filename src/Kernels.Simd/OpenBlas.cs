using System.Runtime.InteropServices;

namespace Kernels.Simd;

/// <summary>
/// The functions of OpenBLAS that the kernels call, loaded at first use. It is set to one thread, because an executor shares the work items
/// among threads; its usual builds (OpenMP and pthread) can be called from several threads at once.
/// </summary>
public static unsafe class OpenBlas
{
    private const int RowMajor = 101, NotTransposed = 111, Transposed = 112;

    private static readonly string[] FileNames =
        OperatingSystem.IsWindows() ? ["libopenblas.dll", "openblas.dll"]
        : OperatingSystem.IsMacOS() ?
        [
            "libopenblas.dylib", "libopenblas.0.dylib",
            "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
        ]
        : ["libopenblas.so.0", "libopenblas.so"];

    private static readonly Lazy<Library> Loaded = new(() => Load(FileNames));

    /// <summary>Why OpenBLAS cannot be called, as a sentence for the report; null when it can.</summary>
    public static string? Unavailable => Loaded.Value.Unavailable;

    /// <summary>The library's version, options and processor, such as <c>OpenBLAS 0.3.29 … Zen</c>; null when absent.</summary>
    public static string? Version => Loaded.Value.Version;

    /// <summary>The processor core whose code it chose, such as <c>SkylakeX</c>; null when absent, or when it does not say.</summary>
    public static string? Core => Loaded.Value.Core;

    /// <summary>Threads of a call; null when absent, or when it does not say.</summary>
    public static int? Threads => Loaded.Value.Threads;

    /// <summary>c = factor·a·b, or factor·a·bᵀ. c is overwritten.</summary>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="columns">Columns of c.</param>
    /// <param name="depth">Columns of a.</param>
    /// <param name="factor">Factor of the product.</param>
    /// <param name="a">[rows, depth], contiguous.</param>
    /// <param name="b">[depth, columns], or [columns, depth] when <paramref name="transposeB"/>; contiguous.</param>
    /// <param name="transposeB">Whether b is transposed.</param>
    /// <param name="c">[rows, columns], contiguous.</param>
    internal static void Multiply(int rows, int columns, int depth, float factor, float* a, float* b, bool transposeB, float* c) =>
        Loaded.Value.Sgemm(
            RowMajor, NotTransposed, transposeB ? Transposed : NotTransposed, rows, columns, depth, factor,
            a, depth, b, transposeB ? depth : columns, 0, c, columns);

    internal static Library Load(string[] fileNames)
    {
        foreach (string fileName in fileNames)
            if (NativeLibrary.TryLoad(fileName, out nint handle) && NativeLibrary.TryGetExport(handle, "cblas_sgemm", out nint sgemm))
                return new Library(handle, sgemm);
        string remedy = OperatingSystem.IsLinux() ? "; on Debian: apt install libopenblas0-pthread" : "";
        return new Library($"{fileNames[0]} not found{remedy}");
    }

    internal sealed class Library
    {
        public Library(string unavailable) => Unavailable = unavailable;

        public Library(nint handle, nint sgemm)
        {
            Sgemm = (delegate* unmanaged[Cdecl]<
                int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)sgemm;
            if (NativeLibrary.TryGetExport(handle, "openblas_set_num_threads", out nint setThreads))
                ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(1);
            if (NativeLibrary.TryGetExport(handle, "openblas_get_num_threads", out nint getThreads))
                Threads = ((delegate* unmanaged[Cdecl]<int>)getThreads)();
            Version = Text(handle, "openblas_get_config");
            Core = Text(handle, "openblas_get_corename");
        }

        public string? Unavailable { get; }

        public string? Version { get; }

        public string? Core { get; }

        public int? Threads { get; }

        public delegate* unmanaged[Cdecl]<
            int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> Sgemm
        { get; }

        private static string? Text(nint handle, string function) => NativeLibrary.TryGetExport(handle, function, out nint get)
            ? Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)get)())?.Trim()
            : null;
    }
}

namespace Kernels.Results;

/// <summary>
/// A folder below the system's temporary one, removed with this object. A killed process removes nothing, so the first folder of a process
/// removes those of ended processes. The system releases the lock file in a folder when its owner ends, also across containers.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "attention-kernels-";
    private const string LockName = ".lock";

    // Between creating and locking the lock file, another process could mistake the folder for an abandoned one.
    private static readonly TimeSpan youngest = TimeSpan.FromMinutes(1);

    private static int swept;

    private readonly DirectoryInfo folder;
    private readonly FileStream ownLock;

    /// <summary>Creates the folder.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public TemporaryFolder()
    {
        folder = Directory.CreateTempSubdirectory(Prefix);
        ownLock = Lock(Path, FileMode.CreateNew);
        if (Interlocked.Exchange(ref swept, 1) == 0 && IsLocked(Path))
            Sweep(folder.Parent!);
    }

    /// <summary>Its full path.</summary>
    public string Path => folder.FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <inheritdoc/>
    public void Dispose()
    {
        ownLock.Dispose();
        TryDelete(folder);
    }

    /// <summary>Removes the folders below <paramref name="parent"/> whose owners have ended.</summary>
    internal static void Sweep(DirectoryInfo parent)
    {
        foreach (DirectoryInfo other in parent.EnumerateDirectories(Prefix + "*"))
            if (IsLeftBehind(other))
                TryDelete(other);
    }

    private static bool IsLeftBehind(DirectoryInfo other)
    {
        var file = new FileInfo(System.IO.Path.Combine(other.FullName, LockName));
        return file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc > youngest && !IsLocked(other.FullName);
    }

    // A file system without locks says of a folder in use, one's own among them, that it is free: nothing is removed there.
    private static bool IsLocked(string path)
    {
        try
        {
            Lock(path, FileMode.Open).Dispose();
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void TryDelete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process that was killed a moment ago may still write; a later run takes it away, or the system.
        }
    }
}

namespace Kernels.Results;

/// <summary>Files that are complete or absent at any moment, also when the process is killed or the disk fills up.</summary>
public static class WholeFile
{
    /// <summary>The end of the names of unfinished files.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Writes a file under another name beside its own, and renames it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its contents.</param>
    /// <param name="overwrite">Whether an existing file is replaced; it is not followed when it is a link.</param>
    /// <param name="toDisk">Whether it must be on the disk when this returns, so that it also survives a failure of power.</param>
    /// <exception cref="IOException">The disk is full, the folder cannot be written, or the file exists; what was there is as it was.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true, bool toDisk = false)
    {
        string unfinished = UnfinishedName(path);
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(toDisk);
            }
            File.Move(unfinished, path, overwrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(unfinished);
            // Nobody asked for the unfinished file.
            throw new IOException(error.Message.Replace(Path.GetFullPath(unfinished), path, StringComparison.Ordinal), error);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>The same with a text in UTF-8.</summary>
    public static void WriteText(string path, string text, bool overwrite = true) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>A new name for the unfinished file of <paramref name="path"/>, so that two processes never write into one.</summary>
    public static string UnfinishedName(string path) => $"{path}.{Guid.NewGuid().ToString("N")[..8]}{Unfinished}";

    /// <summary>Removes what a killed process left of files, of which no other process may be writing now.</summary>
    public static void Sweep(IEnumerable<string> paths)
    {
        HashSet<string> swept = [.. paths.Select(Path.GetFullPath)];
        int ending = UnfinishedName("").Length;
        foreach (string folder in swept.Select(path => Path.GetDirectoryName(path)!).Distinct().Where(Directory.Exists))
        {
            foreach (string left in Directory.EnumerateFiles(folder, $"*.????????{Unfinished}").Where(left => swept.Contains(left[..^ending])))
                TryDelete(left);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The original failure is reported.
        }
    }
}

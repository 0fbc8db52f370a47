using System.Text.Json;

namespace Kernels.Results;

/// <summary>JSON files, written atomically.</summary>
public static class JsonFile
{
    /// <summary>
    /// Writes a temporary file beside the target, flushes it to disk and renames it, so that readers find the old file or the new one at
    /// any moment.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written; the old file is as it was.</exception>
    public static void Write<T>(string path, T value)
    {
        string unfinished = path + ".tmp";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(stream, value, ResultsJson.Options);
                stream.WriteByte((byte)'\n');
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>Reads a file; null, and why, when it is damaged.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static T? Read<T>(string path, out string? damage)
        where T : class
    {
        damage = null;
        try
        {
            using FileStream stream = File.OpenRead(path);
            T? value = JsonSerializer.Deserialize<T>(stream, ResultsJson.Options);
            damage = value is null ? "it is empty" : null;
            return value;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException)
        {
            damage = error.Message;
            return null;
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

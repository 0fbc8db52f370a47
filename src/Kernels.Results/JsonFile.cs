using System.Text.Json;

namespace Kernels.Results;

/// <summary>JSON files, written atomically and read strictly.</summary>
public static class JsonFile
{
    /// <summary>Writes a file, so that readers find the old one or the new one at any moment.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written; the old file is as it was.</exception>
    public static void Write<T>(string path, T value) => WholeFile.Write(path, toDisk: true, write: stream =>
    {
        JsonSerializer.Serialize(stream, value, ResultsJson.Options);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads a file; null, and why, when it is damaged.</summary>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static T? Read<T>(string path, out string? damage)
        where T : class
    {
        // Devices have length 0, and reading some never ends.
        if (new FileInfo(path) is { Exists: true, Length: 0 })
        {
            damage = "it is empty";
            return null;
        }
        using FileStream stream = File.OpenRead(path);
        return Read<T>(stream, out damage);
    }

    /// <summary>The same from a stream.</summary>
    /// <param name="stream">The document.</param>
    /// <param name="damage">What is wrong, in one line.</param>
    /// <param name="upgrade">Makes a document of this version of it, or throws.</param>
    public static T? Read<T>(Stream stream, out string? damage, Func<JsonElement, JsonElement>? upgrade = null)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            damage = DocumentFlaw.NotPlain(document.RootElement);
            if (damage is not null)
                return null;
            JsonElement root = upgrade is null ? document.RootElement : upgrade(document.RootElement);
            damage = DocumentFlaw.NotOf(root, ResultsJson.Options.GetTypeInfo(typeof(T)));
            return damage is null ? root.Deserialize<T>(ResultsJson.Options) : null;
        }
        catch (JsonException error)
        {
            damage = error.LineNumber is { } line
                ? $"it is no JSON from line {line + 1}, byte {error.BytePositionInLine + 1} on" : OneLine.Clean(error.Message);
            return null;
        }
    }
}

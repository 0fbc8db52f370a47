using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kernels.Results;

/// <summary>Reads the results of a run from its folder, earlier schema versions included.</summary>
public static class RunFolder
{
    /// <summary>File with all results of a run.</summary>
    public const string ResultsFile = "results.json";

    // Of a whole disk, only what is near is of interest.
    private static readonly EnumerationOptions near = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3 };

    /// <summary>Reads a run.</summary>
    /// <param name="path">The run's folder, or its results.json.</param>
    /// <exception cref="UserError">There is no run, or it is damaged or of another version.</exception>
    public static RunResults Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, ResultsFile) : path;
        if (!File.Exists(file))
            throw new UserError(Directory.Exists(path) ? NoRun(path) : $"{path} does not exist.");
        try
        {
            // Devices have length 0, and reading some never ends.
            using Stream stream = new FileInfo(file).Length == 0 ? Stream.Null : File.OpenRead(file);
            return Read(stream, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{file} cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads a run from the contents of a results.json.</summary>
    /// <param name="stream">The contents.</param>
    /// <param name="file">The name of the file, for messages.</param>
    /// <exception cref="UserError">It is damaged or of another version.</exception>
    internal static RunResults Read(Stream stream, string file) =>
        JsonFile.Read<RunResults>(stream, out string? damage, root => Current(root, file))
            ?? throw new UserError(OneLine.Clean($"{file} is damaged: {damage}."));

    private static JsonElement Current(JsonElement root, string file)
    {
        if (RequireVersion(root, file) == RunResults.CurrentSchemaVersion)
            return root;
        JsonObject results = JsonObject.Create(root)!;
        SchemaUpgrade.ToCurrent(results);
        return JsonSerializer.SerializeToElement(results);
    }

    private static int RequireVersion(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("schemaVersion", out JsonElement member)
            || member.ValueKind != JsonValueKind.Number || !member.TryGetInt32(out int version))
            throw new UserError($"{file} is not a results file: it has no schemaVersion.");
        if (version is < SchemaUpgrade.Oldest or > RunResults.CurrentSchemaVersion)
        {
            throw new UserError(
                $"{file} has schema version {version}, but this program reads versions {SchemaUpgrade.Oldest} to "
                + $"{RunResults.CurrentSchemaVersion}; use the program that wrote it, or measure again.");
        }
        return version;
    }

    private static string NoRun(string folder)
    {
        string[] inside = [.. Directory.EnumerateFiles(folder, ResultsFile, near)
            .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).Take(5)];
        return inside.Length == 0
            ? $"{folder} has no {ResultsFile}: it is not the folder of a run."
            : $"{folder} has no {ResultsFile}; there are runs in {string.Join(", ", inside)}.";
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kernels.Results;

/// <summary>Reads the results of a run from its folder, earlier schema versions included.</summary>
public static class RunFolder
{
    /// <summary>File with all results of a run.</summary>
    public const string ResultsFile = "results.json";

    private static readonly JsonSerializerOptions Options = new(ResultsJson.Options) { RespectNullableAnnotations = true };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

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
            using FileStream stream = File.OpenRead(file);
            using JsonDocument document = JsonDocument.Parse(stream, Strict);
            RequireVersion(document.RootElement, file);
            RequireValues(document.RootElement, "$", file);
            JsonObject results = JsonObject.Create(document.RootElement)!;
            SchemaUpgrade.ToCurrent(results);
            return results.Deserialize<RunResults>(Options)!;
        }
        catch (JsonException exception)
        {
            throw new UserError($"{file} is damaged: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{file} cannot be read: {exception.Message}");
        }
    }

    private static void RequireVersion(JsonElement root, string file)
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
    }

    // The serializer does not reject null items of lists and numbers beyond the range of double.
    private static void RequireValues(JsonElement element, string path, string file)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in element.EnumerateObject())
                RequireValues(member.Value, $"{path}.{member.Name}", file);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Null)
                    throw new UserError($"{file} is damaged: {path}[{index}] is null.");
                RequireValues(item, $"{path}[{index++}]", file);
            }
        }
        else if (element.ValueKind == JsonValueKind.Number && !double.IsFinite(element.GetDouble()))
        {
            throw new UserError($"{file} is damaged: {path} is not a finite number.");
        }
    }

    private static string NoRun(string folder)
    {
        string[] inside = [.. Directory.EnumerateFiles(folder, ResultsFile, SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal).Take(5)];
        return inside.Length == 0
            ? $"{folder} has no {ResultsFile}: it is not the folder of a run."
            : $"{folder} has no {ResultsFile}; there are runs in {string.Join(", ", inside)}.";
    }
}

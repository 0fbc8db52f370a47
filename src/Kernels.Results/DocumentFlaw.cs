using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kernels.Results;

/// <summary>
/// What is wrong with a JSON document that should hold a given type, in words for its reader: the serializer names types and lines, and
/// lets null items, missing numbers and numbers beyond double pass.
/// </summary>
internal static class DocumentFlaw
{
    /// <summary>
    /// The first name or string that is no Unicode text, or name that stands twice, also in fields that are not read, with its path; null
    /// when there is none.
    /// </summary>
    /// <param name="element">The document.</param>
    /// <param name="path">Where it stands in the file.</param>
    public static string? NotPlain(JsonElement element, string path = "$")
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Text(element.GetString) is null ? $"{path} is no Unicode text" : null;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select((item, index) => NotPlain(item, $"{path}[{index}]")).FirstOrDefault(flaw => flaw is not null);
            case JsonValueKind.Object:
                HashSet<string> names = [];
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    if (Text(() => member.Name) is not { } name)
                        return $"{path} has a field whose name is no Unicode text";
                    if (!names.Add(name))
                        return $"{path}.{OneLine.Quote(name)} stands twice";
                    if (NotPlain(member.Value, $"{path}.{OneLine.Quote(name)}") is { } flaw)
                        return flaw;
                }
                return null;
            default:
                return null;
        }
    }

    /// <summary>The first field that is missing, null or of another kind, with its path; null when there is none.</summary>
    /// <param name="element">The document, all of whose text is Unicode.</param>
    /// <param name="type">What it should hold.</param>
    /// <param name="path">Where it stands in the file.</param>
    public static string? NotOf(JsonElement element, JsonTypeInfo type, string path = "$") => type.Kind switch
    {
        _ when element.ValueKind == JsonValueKind.Null => $"{path} is null",
        JsonTypeInfoKind.Object => element.ValueKind == JsonValueKind.Object ? NotAnObject(element, type, path) : $"{path} must be an object",
        JsonTypeInfoKind.Enumerable when element.ValueKind != JsonValueKind.Array => $"{path} must be an array",
        JsonTypeInfoKind.Enumerable => element.EnumerateArray()
            .Select((item, index) => NotOf(item, Info(type, type.ElementType!), $"{path}[{index}]")).FirstOrDefault(flaw => flaw is not null),
        JsonTypeInfoKind.Dictionary when element.ValueKind != JsonValueKind.Object => $"{path} must be an object",
        JsonTypeInfoKind.Dictionary => element.EnumerateObject()
            .Select(member => NotOf(member.Value, Info(type, type.ElementType!), $"{path}.{OneLine.Quote(member.Name)}"))
                .FirstOrDefault(flaw => flaw is not null),
        _ => NotAValue(element, type, path),
    };

    private static string? NotAnObject(JsonElement element, JsonTypeInfo type, string path)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
        {
            string place = $"{path}.{property.Name}";
            if (!element.TryGetProperty(property.Name, out JsonElement value))
            {
                if (property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false })
                    return $"{place} is missing";
            }
            else if (!(value.ValueKind == JsonValueKind.Null && property.IsSetNullable) && NotOf(value, Info(type, property.PropertyType), place) is { } flaw)
            {
                return flaw;
            }
        }
        return null;
    }

    private static string? NotAValue(JsonElement element, JsonTypeInfo type, string path)
    {
        try
        {
            object? value = element.Deserialize(type);
            return value is double number && !double.IsFinite(number) ? $"{path} is not a finite number" : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            return $"{path} cannot be {OneLine.Quote(element.GetRawText())}";
        }
    }

    private static JsonTypeInfo Info(JsonTypeInfo of, Type type) => of.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    private static string? Text(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

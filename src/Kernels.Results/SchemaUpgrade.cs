using System.Text.Json.Nodes;
using Kernels.Abstractions;

namespace Kernels.Results;

/// <summary>Converts JSON of an earlier schema version to the current one, so that no other code handles earlier versions.</summary>
public static class SchemaUpgrade
{
    /// <summary>The earliest version that can be read.</summary>
    public const int Oldest = 1;

    private const string Version = "schemaVersion";

    /// <summary>
    /// Changes <paramref name="results"/>, an object like <see cref="RunResults"/>, in place; one of the current version stays as it is.
    /// </summary>
    public static void ToCurrent(JsonObject results)
    {
        if (results[Version]?.GetValue<int>() == 1)
            FromFirst(results);
    }

    // Version 1 said "definition", and had one word for the formats of operands and products.
    private static void FromFirst(JsonObject results)
    {
        results[Version] = 2;
        foreach (JsonObject kernel in (results["kernels"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (kernel.Remove("definition", out JsonNode? definition))
                kernel["operation"] = definition;
            kernel.Remove("precision", out JsonNode? precision);
            (string format, string? products) = Formats(precision?.ToString());
            kernel["format"] = format;
            if (products is not null)
                kernel["products"] = products;
        }
    }

    private static (string Format, string? Products) Formats(string? precision) => precision switch
    {
        null or "single" => (Format.Float32.Name, null),
        "half" => (Format.Float16.Name, Element.Float16.Text()),
        // No program of that version wrote another word; it is kept.
        _ => (precision, null),
    };
}

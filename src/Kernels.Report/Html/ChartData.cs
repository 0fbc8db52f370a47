using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Kernels.Report.Charts;
using Kernels.Report.Pictures;

namespace Kernels.Report.Html;

/// <summary>The charts of a page as JSON, from which its script draws them.</summary>
public static class ChartData
{
    /// <summary>
    /// An object with the drawings by file name, the outlines of markers, and the texts that points refer to by index, each text once. It
    /// can stand inside an element of the page: <c>&lt;</c> is escaped.
    /// </summary>
    public static string Of(IEnumerable<Chart> charts)
    {
        var hints = new HintConverter();
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { hints, new RoundedConverter(), new TextConverter(), new PaintConverter(), new JsonStringEnumConverter() },
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Of other characters only those that mean something to HTML are escaped.
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        return JsonSerializer.Serialize(
            new
            {
                // Before the hints, which it finds.
                Charts = charts.ToDictionary(chart => chart.FileName, chart => chart.Drawing),
                Markers = Enum.GetValues<Marker>().ToDictionary(marker => marker.ToString(), Markers.Path),
                Hints = hints.Texts,
            },
            options);
    }

    private sealed class HintConverter : JsonConverter<Hint>
    {
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

        public IEnumerable<string> Texts => places.Keys;

        public override Hint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Hint value, JsonSerializerOptions options)
        {
            places.TryAdd(value.Text, places.Count);
            writer.WriteNumberValue(places[value.Text]);
        }
    }

    // As in the rest of the page, so that the names of kernels are the same.
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(XmlText.Clean(value));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }

    // Six digits are more than a screen shows.
    private sealed class RoundedConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G6"));
    }

    private sealed class PaintConverter : JsonConverter<Paint>
    {
        public override Paint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Paint value, JsonSerializerOptions options) => writer.WriteStringValue(value.Role);
    }
}

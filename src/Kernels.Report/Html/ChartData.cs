using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kernels.Report.Charts;

namespace Kernels.Report.Html;

/// <summary>The charts of a page as JSON, from which its script draws them.</summary>
public static class ChartData
{
    /// <summary>
    /// An object with the drawings by file name, the outlines of markers, and the texts that points refer to by index, each text once. It
    /// can stand inside an element of the page: <c>&lt;</c> is escaped.
    /// </summary>
    public static string Of(ChartSet charts)
    {
        var hints = new HintConverter();
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { hints, new RoundedConverter(), new PaintConverter(), new JsonStringEnumConverter() },
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        return JsonSerializer.Serialize(
            new
            {
                // Before the hints, which it finds.
                Charts = charts.All.ToDictionary(chart => chart.FileName, chart => chart.Drawing),
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

    // Six digits are more than a screen shows.
    private sealed class RoundedConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G6", CultureInfo.InvariantCulture));
    }

    private sealed class PaintConverter : JsonConverter<Paint>
    {
        public override Paint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Paint value, JsonSerializerOptions options) => writer.WriteStringValue(value.Role);
    }
}

using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Kernels.Report.Pictures;

namespace Kernels.Report.Attend;

/// <summary>What the page's scripts read: texts and sizes as JSON, queries and keys as base64 of float32 in little-endian order.</summary>
public sealed class AttendData
{
    // Of other characters only those that mean something to HTML are escaped.
    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Collects what the captures have; tensors that several views share are written once.</summary>
    public AttendData(IReadOnlyList<AttentionCapture> captures, AttendStart start)
    {
        AttentionTensors[] tensors = [.. captures.SelectMany(capture => capture.Views).Select(view => view.Tensors).Distinct()];
        Numbers = [.. tensors.SelectMany((each, index) => new[] { ($"q{index}", Base64(each.Q)), ($"k{index}", Base64(each.K)) })];
        Json = JsonSerializer.Serialize(
            new
            {
                WeightColours.Power,
                WeightColours.LongText,
                Start = start,
                Tensors = tensors.Select(each => new { each.Layers, each.Heads, each.HeadDim, each.Queries, each.Keys }),
                Captures = captures.Select(capture => new
                {
                    Title = XmlText.Clean(capture.Title),
                    Text = XmlText.Clean(capture.Text),
                    Model = XmlText.Clean(capture.Model),
                    Source = XmlText.Clean(capture.Source),
                    HeadNames = capture.HeadNames.Select(XmlText.Clean),
                    Views = capture.Views.Select(view => Shown(view, Array.IndexOf(tensors, view.Tensors))),
                }),
            },
            options);
    }

    /// <summary>The texts and sizes; it can stand inside an element of the page.</summary>
    public string Json { get; }

    /// <summary>Identifier and base64 of every array: <c>q0</c> is [layers, heads, queries, headDim] of the first tensors.</summary>
    public IReadOnlyList<(string Id, string Base64)> Numbers { get; }

    private static object Shown(AttentionView view, int tensors)
    {
        (int query, int key) = TokenLink.Of(view);
        return new
        {
            view.Kind,
            Queries = view.QueryTokens.Select(XmlText.Clean),
            Keys = view.KeyTokens.Select(XmlText.Clean),
            Tensors = tensors,
            Note = XmlText.Clean(view.Note ?? ""),
            From = query,
            To = key,
        };
    }

    private static string Base64(ReadOnlySpan<float> numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        return Convert.ToBase64String(bytes);
    }
}

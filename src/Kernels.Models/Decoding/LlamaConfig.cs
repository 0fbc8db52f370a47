using System.Globalization;
using System.Text.Json;
using Kernels.Results;

namespace Kernels.Models.Decoding;

/// <summary>
/// The sizes of a decoder as a file says them: the metadata of GGUF, or <c>config.json</c> beside a .safetensors file. What would compute something else than
/// the layer of Llama is refused: another architecture, scaled rotary positions, biases, experts.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="values">Its values by key, as texts.</param>
internal sealed class LlamaConfig(string name, IReadOnlyDictionary<string, string> values)
{
    /// <summary>The file beside .safetensors that has the sizes.</summary>
    public const string FileName = "config.json";

    private const string Prefix = "llama.";

    /// <summary>Of the metadata of a GGUF file.</summary>
    /// <param name="vocabulary">Rows of the table of tokens.</param>
    public DecoderShape OfGguf(int vocabulary)
    {
        Require("general.architecture", "llama");
        if (values.GetValueOrDefault(Prefix + "expert_count", "0") != "0")
            throw Error($"it has experts, which are not supported");
        Require(Prefix + "rope.scaling.type", "none", optional: true);
        int heads = Whole(Prefix + "attention.head_count"), width = Whole(Prefix + "embedding_length");
        int headDim = Whole(Prefix + "attention.key_length", width / heads);
        Require(Prefix + "attention.value_length", $"{headDim}", optional: true);
        Require(Prefix + "rope.dimension_count", $"{headDim}", optional: true);
        return Checked(new(
            Whole(Prefix + "block_count"), heads, Whole(Prefix + "attention.head_count_kv", heads),
            headDim, width, Whole(Prefix + "feed_forward_length"), vocabulary,
            Real(Prefix + "attention.layer_norm_rms_epsilon"), Real(Prefix + "rope.freq_base", 10000)));
    }

    /// <summary>Of a config.json of Hugging Face.</summary>
    /// <param name="vocabulary">Rows of the table of tokens.</param>
    public DecoderShape OfHuggingFace(int vocabulary)
    {
        Require("model_type", "llama");
        Require("hidden_act", "silu", optional: true);
        Require("attention_bias", "False", optional: true);
        Require("mlp_bias", "False", optional: true);
        Require("rope_scaling", "", optional: true);
        Require("rope_parameters.rope_type", "default", optional: true);
        int heads = Whole("num_attention_heads"), width = Whole("hidden_size");
        return Checked(new(
            Whole("num_hidden_layers"), heads, Whole("num_key_value_heads", heads),
            Whole("head_dim", width / heads), width, Whole("intermediate_size"), vocabulary,
            Real("rms_norm_eps", 1e-6), Real("rope_theta", Real("rope_parameters.rope_theta", 10000))));
    }

    /// <summary>The config.json of a folder.</summary>
    /// <exception cref="UserError">There is none, or it is no JSON object.</exception>
    public static LlamaConfig Beside(string weights)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(weights))!, FileName);
        if (!File.Exists(path))
            throw new UserError(OneLine.Clean($"{weights}: its heads are not known; {FileName} must lie beside it."));
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            Dictionary<string, string> values = [];
            Add(values, "", json.RootElement);
            return new(path, values);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UserError(OneLine.Clean($"{path}: it is no JSON object."));
        }
    }

    // Members of an object within are rope_parameters.rope_type; null is as if it were absent.
    private static void Add(Dictionary<string, string> values, string prefix, JsonElement element)
    {
        foreach (JsonProperty each in element.EnumerateObject().Where(each => each.Value.ValueKind != JsonValueKind.Null))
        {
            values[prefix + each.Name] = each.Value.ToString();
            if (prefix == "" && each.Value.ValueKind == JsonValueKind.Object)
                Add(values, $"{each.Name}.", each.Value);
        }
    }

    private DecoderShape Checked(DecoderShape shape) => shape.Heads % shape.KvHeads != 0
        ? throw Error($"{shape.Heads} heads are no multiple of {shape.KvHeads} kv heads")
        : shape.HeadDim < 2 || shape.HeadDim % 2 != 0 ? throw Error($"a head of {shape.HeadDim} channels has no pairs to be rotated")
        : (Int128)shape.Width * Math.Max(Math.Max((long)shape.Heads * shape.HeadDim, shape.Hidden), shape.Vocabulary) > Array.MaxLength
            ? throw Error($"a matrix of {shape.Width:N0} rows would have more numbers than an array can hold")
        : shape;

    private void Require(string key, string wanted, bool optional = false)
    {
        if (values.TryGetValue(key, out string? found) ? found != wanted : !optional)
            throw Error($"{key} is {(found is null ? "missing" : $"'{OneLine.Quote(found)}'")}; {(wanted == "" ? "none" : $"'{wanted}'")} is supported");
    }

    private int Whole(string key, int? usual = null)
    {
        if (!values.TryGetValue(key, out string? found))
            return usual ?? throw Error($"{key} is missing");
        return int.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw Error($"{key} is '{OneLine.Quote(found)}', not a whole number above 0");
    }

    private double Real(string key, double? usual = null)
    {
        if (!values.TryGetValue(key, out string? found))
            return usual ?? throw Error($"{key} is missing");
        return double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number > 0
            ? number
            : throw Error($"{key} is '{OneLine.Quote(found)}', not a number above 0");
    }

    private UserError Error(string what) => new(OneLine.Clean($"{name}: {what}."));
}

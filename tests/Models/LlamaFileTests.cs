using System.Text.Json;
using Kernels.Models.Decoding;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>Decoders in files, written from weights that are known.</summary>
[RunsOnce]
public sealed class LlamaFileTests : IDisposable
{
    private const string Gguf = "model.gguf", Safetensors = "model.safetensors";

    private static readonly DecoderShape shape = new(2, 4, 2, 6, 10, 14, 11, 1e-6, 500_000);

    private static readonly string[] operands = ["wq", "wk", "wv", "wo", "w1", "w3", "w2", "gain1", "gain2"];

    private readonly TemporaryFolder temporary = new();
    private readonly RandomDecoder weights = new(shape, 9);

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData(Gguf)]
    [InlineData(Safetensors)]
    public void A_file_has_the_weights_and_gives_the_same_tokens(string name)
    {
        using var file = LlamaFile.Open(Write(name));
        Assert.Equal(shape, file.Shape);
        Assert.Equal(weights.Words(), file.Words());
        Assert.Equal(weights.Gain(), file.Gain());
        Assert.Equal(weights.Output(), file.Output());
        foreach (string operand in operands)
            Assert.Equal(weights.OfLayer(1, operand), file.OfLayer(1, operand));
        Assert.Equal(name == Gguf ? 11 : 0, file.Pieces.Count);
        using LayeredDecoder given = LayeredDecoderTests.Decoder("tiled", weights, 30), read = LayeredDecoderTests.Decoder("tiled", file, 30);
        int[] ids = LayeredDecoderTests.Ids(shape, 20);
        Assert.Equal(LayeredDecoderTests.Continue(given, given.Append(ids)), LayeredDecoderTests.Continue(read, read.Append(ids)));
    }

    [Theory]
    [InlineData(Gguf, "output.weight")]
    [InlineData(Safetensors, "lm_head.weight")]
    public void Without_a_last_matrix_it_is_that_of_the_tokens(string name, string absent)
    {
        using var file = LlamaFile.Open(Write(name, tensors => tensors.Remove(absent)));
        Assert.Null(file.Output());
        Assert.Equal(weights.Words(), file.Words());
        int[] ids = LayeredDecoderTests.Ids(shape, 5);
        using LayeredDecoder tied = LayeredDecoderTests.Decoder("tiled", file, 5);
        float[] probabilities = tied.Append(ids).ToArray();
        using var both = LlamaFile.Open(Write(name, tensors => tensors[absent] = ([shape.Vocabulary, shape.Width], weights.Words())));
        using LayeredDecoder given = LayeredDecoderTests.Decoder("tiled", both, 5);
        Assert.Equal(given.Append(ids).ToArray(), probabilities);
    }

    [Theory]
    [InlineData(Gguf, "blk.1.attn_q.bias", "it has 'blk.1.attn_q.bias', which a decoder as Llama is one has not")]
    [InlineData(Gguf, "rope_freqs.weight", "it has 'rope_freqs.weight', which")]
    [InlineData(Safetensors, "model.layers.0.self_attn.q_norm.weight", "it has 'model.layers.0.self_attn.q_norm.weight', which")]
    public void A_tensor_that_would_be_left_out_is_refused(string name, string added, string message) =>
        AssertRefused(message, Write(name, tensors => tensors[added] = ([2], [1, 2])));

    [Theory]
    [InlineData(Gguf, "blk.1.ffn_up.weight")]
    [InlineData(Gguf, "token_embd.weight")]
    [InlineData(Safetensors, "model.norm.weight")]
    public void A_missing_tensor_is_named(string name, string absent) =>
        AssertRefused($"it has no tensor '{absent}'", Write(name, tensors => tensors.Remove(absent)));

    [Theory]
    [InlineData("general.architecture", "qwen2", "general.architecture is 'qwen2'; 'llama' is supported")]
    [InlineData("llama.rope.scaling.type", "yarn", "llama.rope.scaling.type is 'yarn'; 'none' is supported")]
    [InlineData("llama.expert_count", 8u, "it has experts")]
    [InlineData("llama.rope.dimension_count", 4u, "llama.rope.dimension_count is '4'; '6' is supported")]
    [InlineData("llama.attention.head_count_kv", 3u, "4 heads are no multiple of 3 kv heads")]
    [InlineData("llama.attention.key_length", 5u, "a head of 5 channels has no pairs")]
    [InlineData("llama.attention.head_count", "four", "llama.attention.head_count is 'four', not a whole number above 0")]
    [InlineData("llama.block_count", null, "llama.block_count is missing")]
    [InlineData("llama.block_count", 2_000_000_000u, "it has no tensor 'blk.2.")]
    [InlineData("llama.feed_forward_length", 2_000_000_000u, "more numbers than an array can hold")]
    public void What_metadata_claim_is_checked(string key, object? value, string message) =>
        AssertRefused(message, Write(Gguf, values: values => Set(values, key, value)));

    [Theory]
    [InlineData("model_type", "mixtral", "model_type is 'mixtral'; 'llama' is supported")]
    [InlineData("rope_scaling", "linear", "rope_scaling is 'linear'; none is supported")]
    [InlineData("attention_bias", true, "attention_bias is 'True'; 'False' is supported")]
    [InlineData("num_attention_heads", null, "num_attention_heads is missing")]
    [InlineData("rms_norm_eps", -1, "rms_norm_eps is '-1', not a number above 0")]
    public void What_a_config_claims_is_checked(string key, object? value, string message) =>
        AssertRefused(message, Write(Safetensors, values: values => Set(values, key, value)));

    /// <summary>As version 5 of Hugging Face's transformers writes it.</summary>
    [Fact]
    public void A_rotary_base_may_stand_among_parameters()
    {
        using var file = LlamaFile.Open(Write(Safetensors, values: values =>
        {
            values.Remove("rope_theta");
            values.Add("rope_parameters", new { rope_theta = shape.RotaryBase, rope_type = "default" });
        }));
        Assert.Equal(shape, file.Shape);
        AssertRefused("rope_parameters.rope_type is 'llama3'", Write(
            Safetensors, values: values => values.Add("rope_parameters", new { rope_type = "llama3" })));
    }

    [Fact]
    public void A_config_that_is_absent_or_no_json_is_told()
    {
        string path = Write(Safetensors);
        File.WriteAllText(temporary.File("config.json"), "[1]");
        AssertRefused("config.json: it is no JSON object", path);
        File.Delete(temporary.File("config.json"));
        AssertRefused("config.json must lie beside it", path);
    }

    [Fact]
    public void A_quantised_matrix_is_refused() => AssertRefused("'blk.0.ffn_down.weight' is Q4_0; float32, float16 and bfloat16 are read", Write(
        Gguf, tensors => tensors["blk.0.ffn_down.weight"] = ([10, 32], new float[320]), type: tensor => tensor == "blk.0.ffn_down.weight" ? 2u : 0u));

    [Fact]
    public void A_matrix_of_another_shape_is_refused_when_it_is_read()
    {
        using var file = LlamaFile.Open(Write(Gguf, tensors => tensors["blk.0.ffn_down.weight"] = ([10, 13], new float[130])));
        Assert.EndsWith("'blk.0.ffn_down.weight' must be [10, 14], but is [10, 13].", Assert.Throws<UserError>(() => file.OfLayer(0, "w2")).Message);
    }

    private static void Set(Dictionary<string, object> values, string key, object? value)
    {
        values.Remove(key);
        if (value is not null)
            values.Add(key, value);
    }

    private static void AssertRefused(string message, string path)
    {
        string told = Assert.Throws<UserError>(() => LlamaFile.Open(path).Dispose()).Message;
        Assert.Contains(message, told);
        Assert.DoesNotContain('\n', told);
    }

    private string Write(
        string name, Action<Dictionary<string, (long[] Shape, float[] Numbers)>>? change = null,
        Action<Dictionary<string, object>>? values = null, Func<string, uint>? type = null)
    {
        bool isGguf = name == Gguf;
        Dictionary<string, (long[] Shape, float[] Numbers)> tensors = Tensors(isGguf);
        change?.Invoke(tensors);
        Dictionary<string, object> metadata = isGguf ? GgufValues() : ConfigValues();
        values?.Invoke(metadata);
        if (!isGguf)
            File.WriteAllText(temporary.File("config.json"), JsonSerializer.Serialize(metadata));
        File.WriteAllBytes(temporary.File(name), isGguf
            ? WrittenFiles.Gguf(metadata, [.. tensors.Select(each => (
                each.Key, type?.Invoke(each.Key) ?? 0, each.Value.Shape.Reverse().Select(size => (ulong)size).ToArray(),
                WrittenFiles.Float32(each.Value.Numbers)))])
            : WrittenFiles.Safetensors([.. tensors.Select(each => (each.Key, "F32", each.Value.Shape, WrittenFiles.Float32(each.Value.Numbers)))]));
        return temporary.File(name);
    }

    private Dictionary<string, (long[] Shape, float[] Numbers)> Tensors(bool isGguf)
    {
        LlamaNames names = isGguf ? LlamaNames.Gguf : LlamaNames.HuggingFace;
        Dictionary<string, (long[], float[])> tensors = new()
        {
            [names.Words] = ([shape.Vocabulary, shape.Width], weights.Words()),
            [names.Gain] = ([shape.Width], weights.Gain()),
            [names.Output] = ([shape.Vocabulary, shape.Width], weights.Output()!),
        };
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            foreach (string operand in operands)
            {
                float[] numbers = weights.OfLayer(layer, operand);
                int from = operand switch { "wo" => shape.QueryWidth, "w2" => shape.Hidden, _ => shape.Width };
                bool isGain = operand.StartsWith("gain", StringComparison.Ordinal);
                float[] rows = isGguf && operand is ("wq" or "wk") ? Neighbours(numbers) : numbers;
                tensors.Add(names.OfLayer(layer, operand), (isGain ? [shape.Width] : [numbers.Length / from, from], rows));
            }
        }
        return tensors;
    }

    // Hugging Face's rows of a head, first halves and then second ones, in the order of llama.cpp.
    private static float[] Neighbours(float[] rows)
    {
        int d = shape.HeadDim, heads = rows.Length / shape.Width / d;
        return
        [
            .. from head in Enumerable.Range(0, heads)
               from pair in Enumerable.Range(0, d / 2)
               from part in Enumerable.Range(0, 2)
               from number in rows.AsSpan((head * d + part * d / 2 + pair) * shape.Width, shape.Width).ToArray()
               select number,
        ];
    }

    private static Dictionary<string, object> GgufValues() => new()
    {
        ["general.architecture"] = "llama",
        ["general.alignment"] = 32u,
        ["llama.block_count"] = (uint)shape.Layers,
        ["llama.embedding_length"] = (uint)shape.Width,
        ["llama.feed_forward_length"] = (uint)shape.Hidden,
        ["llama.attention.head_count"] = (uint)shape.Heads,
        ["llama.attention.head_count_kv"] = (uint)shape.KvHeads,
        ["llama.attention.key_length"] = (uint)shape.HeadDim,
        ["llama.attention.layer_norm_rms_epsilon"] = (float)shape.Epsilon,
        ["llama.rope.freq_base"] = (float)shape.RotaryBase,
        ["tokenizer.ggml.tokens"] = Enumerable.Range(0, shape.Vocabulary).Select(id => $"piece{id}").ToArray(),
    };

    private static Dictionary<string, object> ConfigValues() => new()
    {
        ["model_type"] = "llama",
        ["num_hidden_layers"] = shape.Layers,
        ["hidden_size"] = shape.Width,
        ["intermediate_size"] = shape.Hidden,
        ["num_attention_heads"] = shape.Heads,
        ["num_key_value_heads"] = shape.KvHeads,
        ["head_dim"] = shape.HeadDim,
        ["rms_norm_eps"] = shape.Epsilon,
        ["rope_theta"] = shape.RotaryBase,
        ["rope_scaling"] = null!,
    };
}

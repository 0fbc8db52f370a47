using System.Collections.Frozen;

namespace Kernels.Models.Decoding;

/// <summary>How files call the tensors of a decoder as Llama is one.</summary>
/// <param name="Words">[vocabulary, width].</param>
/// <param name="Gain">[width], of the last norm.</param>
/// <param name="Output">[vocabulary, width]; a file without it has it in common with <paramref name="Words"/>.</param>
/// <param name="Layer">Before the number of a layer.</param>
/// <param name="Of">Behind it and a point, by operand.</param>
/// <param name="Ignored">Ends of names of tensors that no weights are in.</param>
internal sealed record LlamaNames(string Words, string Gain, string Output, string Layer, FrozenDictionary<string, string> Of, params string[] Ignored)
{
    /// <summary>Those of llama.cpp (gguf-py/gguf/constants.py, MODEL_ARCH.LLAMA).</summary>
    public static LlamaNames Gguf { get; } = new("token_embd.weight", "output_norm.weight", "output.weight", "blk.", new Dictionary<string, string>
    {
        ["wq"] = "attn_q.weight",
        ["wk"] = "attn_k.weight",
        ["wv"] = "attn_v.weight",
        ["wo"] = "attn_output.weight",
        ["gain1"] = "attn_norm.weight",
        ["w1"] = "ffn_gate.weight",
        ["w3"] = "ffn_up.weight",
        ["w2"] = "ffn_down.weight",
        ["gain2"] = "ffn_norm.weight",
    }.ToFrozenDictionary());

    /// <summary>Those of Hugging Face's LlamaForCausalLM.</summary>
    public static LlamaNames HuggingFace { get; } =
        new("model.embed_tokens.weight", "model.norm.weight", "lm_head.weight", "model.layers.", new Dictionary<string, string>
        {
            ["wq"] = "self_attn.q_proj.weight",
            ["wk"] = "self_attn.k_proj.weight",
            ["wv"] = "self_attn.v_proj.weight",
            ["wo"] = "self_attn.o_proj.weight",
            ["gain1"] = "input_layernorm.weight",
            ["w1"] = "mlp.gate_proj.weight",
            ["w3"] = "mlp.up_proj.weight",
            ["w2"] = "mlp.down_proj.weight",
            ["gain2"] = "post_attention_layernorm.weight",
        }.ToFrozenDictionary(), "rotary_emb.inv_freq");

    /// <summary>The name of a weight of a layer.</summary>
    public string OfLayer(int layer, string operand) => $"{Layer}{layer}.{Of[operand]}";

    /// <summary>All names of a model of so many layers.</summary>
    public IEnumerable<string> All(int layers) =>
        [Words, Gain, Output, .. from layer in Enumerable.Range(0, layers) from operand in Of.Keys select OfLayer(layer, operand)];
}

using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>The attention of one layer of well-known models on one sequence, from their papers and published configurations.</summary>
public static class NamedShapes
{
    /// <summary>
    /// GPT-2, 124 M parameters: 12 heads, width 768, a context of 1,024 tokens, causal. Radford et al. 2019, Language Models are
    /// Unsupervised Multitask Learners, section 2.3; n_head, n_embd and n_ctx of the published config.json.
    /// </summary>
    public static NamedProblem Gpt2Small { get; } =
        new("gpt2-small", new AttentionProblem(1, 12, 12, 1024, 1024, 64, AttentionMask.Causal));

    /// <summary>BERT-base: 12 heads, width 768, 512 tokens. Devlin et al. 2019, sections 3 and A.2.</summary>
    public static NamedProblem BertBase { get; } =
        new("bert-base", new AttentionProblem(1, 12, 12, 512, 512, 64));

    /// <summary>
    /// ViT-B/16 on a 224 × 224 image: 12 heads, width 768, 14 × 14 patches and the class token. Dosovitskiy et al. 2021, section 3.1
    /// and table 1. A length that no tile divides.
    /// </summary>
    public static NamedProblem VitB16 { get; } =
        new("vit-b16", new AttentionProblem(1, 12, 12, 197, 197, 64));

    /// <summary>
    /// Llama 3 8B: 32 query heads on 8 kv heads, width 4,096, causal. Llama Team 2024, The Llama 3 Herd of Models, table 3. The model
    /// takes 8,192 tokens; a prompt of 1,024 is 8.6 GFLOP a layer, which takes a scalar kernel seconds on one core.
    /// </summary>
    public static NamedProblem Llama3 { get; } =
        new("llama3-8b", new AttentionProblem(1, 32, 8, 1024, 1024, 128, AttentionMask.Causal));

    /// <summary>
    /// Cross attention of Whisper small: 12 heads, width 768, at most 448 text tokens on 1,500 audio positions (30 s). Radford et al.
    /// 2022, Robust Speech Recognition via Large-Scale Weak Supervision, section 2.2 and table 1; n_text_ctx and n_audio_ctx of the model.
    /// </summary>
    public static NamedProblem WhisperSmallCross { get; } =
        new("whisper-small-cross", new AttentionProblem(1, 12, 12, 448, 1500, 64));

    /// <summary>
    /// stories260K of llama2.c, trained on TinyStories (Eldan and Li 2023): 8 query heads on 4 kv heads, width 64, 512 tokens, causal.
    /// doc/stories260K.md in github.com/karpathy/llama2.c. Heads of 8 channels are half an AVX-512 vector.
    /// </summary>
    public static NamedProblem TinyStories260K { get; } =
        new("tinystories-260k", new AttentionProblem(1, 8, 4, 512, 512, 8, AttentionMask.Causal));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NamedProblem> All { get; } = [Gpt2Small, BertBase, VitB16, Llama3, WhisperSmallCross, TinyStories260K];
}

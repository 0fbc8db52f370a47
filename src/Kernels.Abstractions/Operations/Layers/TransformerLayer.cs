using System.Collections.Immutable;
using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>The function between the two products of a feed-forward network.</summary>
public enum Activation
{
    /// <summary>x·Φ(x), with the distribution function of the normal distribution (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>max(x, 0) (Vaswani et al. 2017, equation 2).</summary>
    Relu,

    /// <summary>a·sigmoid(a) times a second product b (Shazeer 2020, GLU Variants Improve Transformer).</summary>
    SwiGlu,
}

/// <summary>
/// A layer of a transformer: multi-head self-attention, in a decoder attention to the rows of an encoder, and a feed-forward network, each with a
/// residual connection and a norm. With norms after: y = norm(x + sublayer(x)) (Vaswani et al. 2017, section 3.1); before: y = x + sublayer(norm(x))
/// (Xiong et al. 2020).
/// </summary>
public sealed record TransformerLayer : AttentionLayer
{
    /// <summary>Added to a variance where nothing else is said.</summary>
    public const double UsualEpsilon = 1e-5;

    /// <summary>The base of the wavelengths of rotary positions where nothing else is said (Su et al. 2021, section 3.4.2).</summary>
    public const double UsualRotaryBase = 10000;

    private static readonly ImmutableArray<int> withContext = [X, 1];

    /// <summary>Whether norms stand before the sublayers.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Whether norms divide by the root of the mean square (Zhang and Sennrich 2019) and subtract no mean.</summary>
    public bool RootMeanSquare { get; init; }

    /// <summary>Added to a variance, or a mean square, before its root.</summary>
    public double Epsilon { get; init; } = UsualEpsilon;

    /// <summary>The function of the feed-forward network.</summary>
    public Activation Activation { get; init; }

    /// <summary>
    /// Whether queries and keys are rotated by their positions: channel i and i + d/2 of a head by position · base^(−2i/d), as in GPT-NeoX and Llama.
    /// </summary>
    public bool Rotary { get; init; }

    /// <summary>The base of the wavelengths of rotary positions; 500,000 in Llama 3 (Llama Team 2024, section 3.2).</summary>
    public double RotaryBase { get; init; } = UsualRotaryBase;

    /// <summary>
    /// Whether keys and values of earlier tokens are in caches kc and vc, [batch, kvHeads, keys, headDim]; x are the last tokens, whose keys and values
    /// are written behind them.
    /// </summary>
    public bool Cached { get; init; }

    /// <inheritdoc/>
    public override string Name =>
        (IsLlama ? "llama-layer" : Parts) + (Cached ? "-cached" : "") + Suffix
        + (Epsilon == UsualEpsilon ? "" : string.Create(CultureInfo.InvariantCulture, $"-eps{Epsilon:R}"))
        + (RotaryBase == UsualRotaryBase ? "" : string.Create(CultureInfo.InvariantCulture, $"-base{RotaryBase:R}"));

    private bool IsLlama => PreNorm && RootMeanSquare && Rotary && !Cross && Activation == Activation.SwiGlu && WeightOrder == WeightOrder.OutIn;

    // Of matrices in formulas.
    private string Turned => WeightOrder == WeightOrder.OutIn ? "ᵀ" : "";

    private string Parts =>
        (Cross ? "decoder-layer" : "encoder-layer") + (PreNorm ? "-pre" : "") + (RootMeanSquare ? "-rms" : "") + (Rotary ? "-rotary" : "")
        + (WeightOrder == WeightOrder.OutIn ? "-outin" : "")
        + (Activation == (Cross ? Activation.Relu : Activation.Gelu) ? "" : $"-{Activation.ToString().ToLowerInvariant()}");

    /// <inheritdoc/>
    public override string Formula =>
        $"{(PreNorm ? "h = x + attention(norm(x))" : "h = norm(x + attention(x))")}{(Cross ? ", the same with attention to c" : "")}, "
        + $"{(PreNorm ? "y = h + ffn(norm(h))" : "y = norm(h + ffn(h))")}; ffn(h) = "
        + (Activation == Activation.SwiGlu
            ? $"(silu(h·W1{Turned} + b1) ∘ (h·W3{Turned} + b3))·W2{Turned} + b2"
            : $"{Activation.ToString().ToLowerInvariant()}(h·W1{Turned} + b1)·W2{Turned} + b2")
        + (Attention == Abstractions.Operations.Softmax ? "" : $"; attention = {Attention.Formula}");

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => Cross ? withContext : base.KeyInputs;

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups
    {
        get
        {
            int y = 1 + (Cross ? 1 + 8 + 2 : 0) + 8 + 2 + (Activation == Activation.SwiGlu ? 6 : 4) + 2;
            return Cached ? [[y + 2], [y, y + 1]] : [[y]];
        }
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Rows("x", Role.Input, problem, problem.Queries, problem.Width),
        .. Cross ? (Operand[])[Rows("c", Role.Input, problem, problem.Keys, problem.Width)] : [],
        .. Projections("", problem, format),
        Vector("gain1", problem.Width), Vector("shift1", problem.Width),
        .. Cross ? [.. Projections("c", problem, format), Vector("cgain", problem.Width), Vector("cshift", problem.Width)] : (Operand[])[],
        Weights("w1", format, problem.Width, problem.Hidden), Vector("b1", problem.Hidden),
        .. Activation == Activation.SwiGlu ? (Operand[])[Weights("w3", format, problem.Width, problem.Hidden), Vector("b3", problem.Hidden)] : [],
        Weights("w2", format, problem.Hidden, problem.Width), Vector("b2", problem.Width),
        Vector("gain2", problem.Width), Vector("shift2", problem.Width),
        .. Cached ? (Operand[])[Cache("kc", problem), Cache("vc", problem)] : [],
        Rows("y", Role.Output, problem, problem.Queries, problem.Width),
    ];

    /// <inheritdoc/>
    protected override double Flops(LayerProblem problem)
    {
        double products = Activation == Activation.SwiGlu ? 3 : 2;
        return AttentionFlops(problem, problem.Queries, SelfCore(problem)) + (Cross ? AttentionFlops(problem, problem.Keys, CrossCore(problem)) : 0)
            + 2 * products * problem.Batch * problem.Queries * problem.Width * problem.Hidden;
    }

    /// <summary>The self-attention of a problem.</summary>
    public AttentionProblem SelfCore(LayerProblem problem) =>
        Cross ? new(problem.Batch, problem.Heads, problem.KvHeads, problem.Queries, problem.Queries,
            problem.HeadDim, problem.Mask, problem.Scale, order: TokenOrder.TokenMajor)
        : problem.Core;

    /// <summary>The attention to the rows of the encoder, all of which every query sees.</summary>
    public static AttentionProblem CrossCore(LayerProblem problem) =>
        new(problem.Batch, problem.Heads, problem.KvHeads, problem.Queries, problem.Keys,
            problem.HeadDim, AttentionMask.Full, problem.Scale, order: TokenOrder.TokenMajor);

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) =>
        WhyNotBiases is { } reason ? reason
        : Rotary && problem.HeadDim % 2 != 0 ? $"{Name} rotates pairs of channels, and a head has {problem.HeadDim}"
        : Cached && Linear ? $"{Name} would keep keys, where linear attention needs a state only"
        : Cached && problem.Keys < problem.Queries ? $"{Name} has a cache of {problem.Keys} tokens, and {problem.Queries} new ones do not fit"
        : !Cached && !Cross && problem.Keys != problem.Queries
            ? $"{Name} is self-attention, with as many keys as queries, not {problem.Keys} and {problem.Queries}"
        : null;

    private static Operand Cache(string name, LayerProblem problem) =>
        new(name, Role.Accumulated, Layout.Of(TokenOrder.HeadMajor, problem.Batch, problem.KvHeads, problem.Keys, problem.HeadDim), Element.Float32);
}

namespace Kernels.Abstractions;

/// <summary>The operations of this suite with their default parameters; kernels take any parameters.</summary>
public static class Operations
{
    /// <summary>softmax(QKᵀ·scale + mask)·V.</summary>
    public static SoftmaxAttention Softmax { get; } = new();

    /// <summary>Softmax attention with the log-sum-exp of each row.</summary>
    public static SoftmaxLse SoftmaxLse { get; } = new();

    /// <summary>Softmax attention over one more block of keys.</summary>
    public static SoftmaxStep SoftmaxStep { get; } = new();

    /// <summary>Softmax attention with a bias by the distance of query and key, ALiBi.</summary>
    public static SoftmaxAlibi SoftmaxAlibi { get; } = new();

    /// <summary>The gradients of softmax attention.</summary>
    public static SoftmaxBackward SoftmaxBackward { get; } = new();

    /// <summary>Linear attention with φ(x) = elu(x) + 1.</summary>
    public static LinearEluAttention LinearElu { get; } = new();

    /// <summary>Retention of RetNet, with a decay of its own for each kv head.</summary>
    public static RetentionAttention Retention { get; } = new();

    /// <summary>The gradients of linear attention with φ(x) = elu(x) + 1.</summary>
    public static LinearEluBackward LinearEluBackward { get; } = new();

    /// <summary>The gradients of retention.</summary>
    public static RetentionBackward RetentionBackward { get; } = new();

    /// <summary>The delta rule of DeltaNet, with unit keys and a step of 1.</summary>
    public static DeltaAttention Delta { get; } = new();

    /// <summary>FAVOR+ of Performer with 256 orthogonal positive random features.</summary>
    public static FavorAttention Favor { get; } = new();

    /// <summary>Softmax attention on keys and values projected to 256 rows, after Linformer.</summary>
    public static LinformerAttention Linformer { get; } = new();

    /// <summary>Softmax attention on the 64 keys with the largest scores of each query.</summary>
    public static TopKAttention TopK { get; } = new();

    /// <summary>Multi-head self-attention.</summary>
    public static MultiHeadAttention MultiHead { get; } = new();

    /// <summary>Multi-head attention of a decoder to the rows of an encoder.</summary>
    public static MultiHeadAttention CrossAttention { get; } = new() { Cross = true };

    /// <summary>The encoder layer of Vaswani et al. 2017, section 3.1, with the GELU of BERT (Devlin et al. 2019).</summary>
    public static TransformerLayer EncoderLayer { get; } = new();

    /// <summary>The decoder layer of Vaswani et al. 2017, section 3.1; under a causal mask.</summary>
    public static TransformerLayer DecoderLayer { get; } = new() { Cross = true, Activation = Activation.Relu };

    /// <summary>The layer of GPT-2 (Radford et al. 2019, section 2.3) and ViT (Dosovitskiy et al. 2021, section 3.1): norms before their sublayers.</summary>
    public static TransformerLayer PreNormLayer { get; } = new() { PreNorm = true };

    /// <summary>
    /// The same with ALiBi in place of positions, as in BLOOM (Le Scao et al. 2022, section 3.2, whose GELU is an approximation) and MPT (MosaicML 2023,
    /// without the biases of matrices).
    /// </summary>
    public static TransformerLayer AlibiLayer { get; } = PreNormLayer with { Attention = SoftmaxAlibi };

    /// <summary>
    /// The layer of Llama (Touvron et al. 2023, section 2.2): RMS norms before, SwiGLU and rotary positions. Its matrices are as its checkpoints have them, so
    /// that each number that a new token needs of a product is one sequential read.
    /// </summary>
    public static TransformerLayer LlamaLayer { get; } = new()
    {
        PreNorm = true,
        RootMeanSquare = true,
        Activation = Activation.SwiGlu,
        Rotary = true,
        WeightOrder = WeightOrder.OutIn,
    };

    /// <summary>The same, continuing a cache of keys and values.</summary>
    public static TransformerLayer LlamaCached { get; } = LlamaLayer with { Cached = true };

    /// <summary>
    /// The encoder layer with linear attention (Katharopoulos et al. 2020); other layers have it too, with <see cref="AttentionLayer.Attention"/>.
    /// </summary>
    public static TransformerLayer LinearEncoderLayer { get; } = EncoderLayer with { Attention = LinearElu };

    /// <summary>The recurrent network of Elman 1990.</summary>
    public static RecurrentLayer Rnn { get; } = new();

    /// <summary>The gated recurrent unit of Cho et al. 2014.</summary>
    public static RecurrentLayer Gru { get; } = new() { Cell = Cell.Gru };

    /// <summary>The attention of Bahdanau et al. 2015.</summary>
    public static AdditiveAttention AdditiveAttention { get; } = new();

    /// <summary>Sequence to sequence through the encoder's last state alone.</summary>
    public static SequenceToSequence SequenceToSequence { get; } = new();

    /// <summary>The same with additive attention to all states of the encoder.</summary>
    public static SequenceToSequence SequenceToSequenceAdditive { get; } = new() { Context = DecoderContext.Additive };

    /// <summary>The same with scaled dot products.</summary>
    public static SequenceToSequence SequenceToSequenceDot { get; } = new() { Context = DecoderContext.Dot };

    /// <summary>The embedding of BERT (Devlin et al. 2019, section 3) and GPT-2: tokens and learned positions.</summary>
    public static Embedding Embedding { get; } = new();

    /// <summary>The embedding of Vaswani et al. 2017, section 3.5: tokens and sinusoids.</summary>
    public static Embedding EmbeddingSinusoidal { get; } = new() { Positions = Positions.Sinusoidal };

    /// <summary>The embedding of Llama (Touvron et al. 2023): tokens alone.</summary>
    public static Embedding EmbeddingPlain { get; } = new() { Positions = Positions.None };

    /// <summary>An image as a sequence (Dosovitskiy et al. 2021).</summary>
    public static Patches Patches { get; } = new();

    /// <summary>The probabilities of the next token.</summary>
    public static Vocabulary Vocabulary { get; } = new();

    /// <summary>A product with a matrix.</summary>
    public static Projection Projection { get; } = new();

    /// <summary>The gradients of a product with a matrix.</summary>
    public static ProjectionBackward ProjectionBackward { get; } = new();

    /// <summary>The gradients of a norm.</summary>
    public static NormBackward NormBackward { get; } = new();

    /// <summary>The gradients of a norm by the root of the mean square.</summary>
    public static NormBackward RmsNormBackward { get; } = new() { RootMeanSquare = true };

    /// <summary>The gradients of a feed-forward network with GELU.</summary>
    public static FeedForwardBackward FeedForwardBackward { get; } = new();

    /// <summary>The same with max(x, 0).</summary>
    public static FeedForwardBackward ReluFeedForwardBackward { get; } = new() { Activation = Activation.Relu };

    /// <summary>The same with the gated network of Llama.</summary>
    public static FeedForwardBackward SwiGluFeedForwardBackward { get; } = new() { Activation = Activation.SwiGlu };

    /// <summary>The gradient through rotary positions.</summary>
    public static RotaryBackward RotaryBackward { get; } = new();

    /// <summary>Those of layers.</summary>
    public static IReadOnlyList<LayerOperation> Layers { get; } =
    [
        MultiHead, CrossAttention, EncoderLayer, DecoderLayer, PreNormLayer, AlibiLayer, LlamaLayer, LlamaCached, LinearEncoderLayer,
        Rnn, Gru, AdditiveAttention, SequenceToSequence, SequenceToSequenceAdditive, SequenceToSequenceDot,
        Embedding, EmbeddingSinusoidal, EmbeddingPlain, Patches, Vocabulary, Projection,
        ProjectionBackward, NormBackward, RmsNormBackward, FeedForwardBackward, ReluFeedForwardBackward, SwiGluFeedForwardBackward, RotaryBackward,
    ];

    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        Softmax, SoftmaxLse, SoftmaxStep, SoftmaxAlibi, SoftmaxBackward, LinearElu, LinearEluBackward, Retention, RetentionBackward, Delta, Favor,
        Linformer, TopK, .. Layers,
    ];
}

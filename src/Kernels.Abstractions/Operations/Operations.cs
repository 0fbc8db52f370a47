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

    /// <summary>The gradients of softmax attention.</summary>
    public static SoftmaxBackward SoftmaxBackward { get; } = new();

    /// <summary>Linear attention with φ(x) = elu(x) + 1.</summary>
    public static LinearEluAttention LinearElu { get; } = new();

    /// <summary>Retention of RetNet, with a decay of its own for each kv head.</summary>
    public static RetentionAttention Retention { get; } = new();

    /// <summary>The delta rule of DeltaNet, with unit keys and a step of 1.</summary>
    public static DeltaAttention Delta { get; } = new();

    /// <summary>FAVOR+ of Performer with 256 orthogonal positive random features.</summary>
    public static FavorAttention Favor { get; } = new();

    /// <summary>Softmax attention on keys and values projected to 256 rows, after Linformer.</summary>
    public static LinformerAttention Linformer { get; } = new();

    /// <summary>Softmax attention on the 64 keys with the largest scores of each query.</summary>
    public static TopKAttention TopK { get; } = new();

    /// <summary>All of them, in the order of the report.</summary>
    public static IReadOnlyList<Operation> All { get; } =
        [Softmax, SoftmaxLse, SoftmaxStep, SoftmaxBackward, LinearElu, Retention, Delta, Favor, Linformer, TopK];
}

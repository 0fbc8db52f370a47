namespace Kernels.Layers;

/// <summary>What a step of a layer is part of, for the shares of its time.</summary>
internal enum LayerPart
{
    /// <summary>Products of the attention with its matrices, and rotary positions.</summary>
    Projections,

    /// <summary>The attention kernel.</summary>
    Attention,

    /// <summary>The feed-forward network.</summary>
    FeedForward,

    /// <summary>Norms.</summary>
    Norms,

    /// <summary>The product with the vocabulary, and its softmax.</summary>
    Vocabulary,

    /// <summary>Steps of a recurrence.</summary>
    Recurrence,

    /// <summary>Rows of tokens and their positions.</summary>
    Embedding,
}

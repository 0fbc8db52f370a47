namespace Kernels.Abstractions;

/// <summary>
/// The end of a language model: y = softmax(x·Wᵀ + b) for every row (Vaswani et al. 2017, section 3.4), with <see cref="LayerProblem.Hidden"/> as the
/// vocabulary; y are probabilities. W has a row for each word, as the table of an <see cref="Embedding"/> has, which many models use for both (Press and
/// Wolf 2017).
/// </summary>
public sealed record Vocabulary : RowProduct
{
    /// <inheritdoc/>
    public override string Name => "vocabulary";

    internal Vocabulary() => WeightOrder = WeightOrder.OutIn;

    /// <inheritdoc/>
    public override string Formula => "softmax(x·Wᵀ + b) over the vocabulary";
}

namespace Kernels.Abstractions;

/// <summary>
/// The end of a language model: y = softmax(x·W + b) for every row (Vaswani et al. 2017, section 3.4), with <see cref="LayerProblem.Hidden"/> as the
/// vocabulary; y are probabilities.
/// </summary>
public sealed record Vocabulary : RowProduct
{
    /// <inheritdoc/>
    public override string Name => "vocabulary";

    /// <inheritdoc/>
    public override string Formula => "softmax(x·W + b) over the vocabulary";
}

using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// What a kernel computes: the operands, and the operations and bytes that any algorithm needs. A kernel is judged by its own operation;
/// the distance of that operation from softmax attention is reported only. Operations with equal parameters are equal.
/// </summary>
public abstract record Operation
{
    /// <summary>Short name used in results, such as <c>softmax</c>; it contains the parameters that are not the default.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in one line.</summary>
    public abstract string Formula { get; }

    /// <summary>The operands of a problem, in the order of <see cref="Call.Tensors"/>.</summary>
    /// <exception cref="ArgumentException">The operation is not defined for this kind of problem.</exception>
    public abstract ImmutableArray<Operand> Operands(Problem problem, Format format);

    /// <summary>
    /// Groups of outputs, by place, whose rows belong together: they are computed, watched and judged together. Those of the first group are rows
    /// of queries.
    /// </summary>
    public abstract IReadOnlyList<ImmutableArray<int>> OutputGroups { get; }

    /// <summary>Places of the inputs that have a row for each query.</summary>
    public virtual ImmutableArray<int> QueryInputs => [AttentionOperation.Q];

    /// <summary>Places of the inputs that have a row for each key; a row of the first group of outputs depends on those that its query sees.</summary>
    public virtual ImmutableArray<int> KeyInputs => [AttentionOperation.K, AttentionOperation.V];

    /// <summary>
    /// Whether a row of the first group of outputs depends on the row of its own number of <see cref="KeyInputs"/> and on no other row of the sequence, whatever the mask is.
    /// </summary>
    public virtual bool IsRowwise => false;

    /// <summary>
    /// Whether the rows of a group of outputs are sums over all rows of <see cref="KeyInputs"/>, as gradients of weights are: each depends on every one of them.
    /// </summary>
    /// <param name="group">Number of the group.</param>
    public virtual bool SumsRows(int group) => false;

    /// <summary>Whether this is the operation's kind of problem; <see cref="WhyNot"/> says more.</summary>
    public virtual bool IsFor(Problem problem) => problem is not LayerProblem;

    /// <summary>
    /// Floating-point operations of <paramref name="problem"/>: multiplications and additions of the necessary matrix products,
    /// without pairs that the mask hides; exponentials and normalisation are not counted.
    /// </summary>
    public abstract double Flops(Problem problem);

    /// <summary>Bytes that any algorithm must move: each input read once, each output written once.</summary>
    public virtual long Bytes(Problem problem, Format format) =>
        Operands(problem, format).Sum(each => each.Layout.Count * each.Element.Size() * (each.Role == Role.Accumulated ? 2 : 1));

    /// <summary>
    /// Whether the outputs are gradients. They are sums of products of numbers that are rounded several times before, so the gate allows
    /// three times the error of plain float32, as FlashAttention's tests do for its backward pass.
    /// </summary>
    public virtual bool IsGradient => false;

    /// <summary>Why the operation is not defined for a problem; null when it is.</summary>
    public virtual string? WhyNot(Problem problem) => null;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

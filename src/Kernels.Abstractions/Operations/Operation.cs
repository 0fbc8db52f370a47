using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// What a kernel claims to compute: its operands, and the arithmetic that it cannot do without. A kernel is right when it equals its own
/// operation; how far that is from softmax attention is reported, and never a reason to pass or fail. Equal parameters make equal operations.
/// </summary>
public abstract record Operation
{
    /// <summary>Short name used in results, such as <c>softmax</c>; it has the parameters that are not the usual ones.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in one line.</summary>
    public abstract string Formula { get; }

    /// <summary>The operands of a problem, in the order in which a <see cref="Call"/> has them.</summary>
    /// <exception cref="ArgumentException">The problem is of a kind that the operation does not know.</exception>
    public abstract ImmutableArray<Operand> Operands(Problem problem, Format format);

    /// <summary>
    /// Floating-point operations of <paramref name="problem"/>: multiplications and additions of the matrix products that the operation
    /// cannot do without, pairs hidden by the mask left out; exponentials and normalisation are not counted.
    /// </summary>
    public abstract double Flops(Problem problem);

    /// <summary>Bytes that any algorithm must move: what is read once, what is written once.</summary>
    public virtual long Bytes(Problem problem, Format format) =>
        Operands(problem, format).Sum(each => each.Layout.Count * each.Element.Size() * (each.Role == Role.Accumulated ? 2 : 1));

    /// <summary>Why a problem has no meaning for this operation; null when it has one.</summary>
    public virtual string? WhyNot(Problem problem) => null;

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

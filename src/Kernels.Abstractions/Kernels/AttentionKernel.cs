namespace Kernels.Abstractions;

/// <summary>What an attention kernel accepts beyond dense head-major tensors of one width under contiguous masks.</summary>
[Flags]
public enum Takes
{
    /// <summary>Nothing more.</summary>
    Usual = 0,

    /// <summary>
    /// Masks that are not <see cref="AttentionMask.IsContiguous"/>, by <see cref="AttentionMask.Count"/> or
    /// <see cref="AttentionMask.Part"/>. A kernel that reads only <see cref="AttentionMask.VisibleKeys"/> would include hidden keys.
    /// </summary>
    Patterns = 1,

    /// <summary>Values whose width differs from that of keys.</summary>
    ValueDim = 2,

    /// <summary>Rows that are not contiguous: the token-major order, or a cache with gaps between heads.</summary>
    Strides = 4,
}

/// <summary>
/// A kernel for an <see cref="AttentionOperation"/>, which cuts the work into items itself; <see cref="HeadKernel"/> and
/// <see cref="QueryTileKernel"/> are easier to derive from.
/// </summary>
public abstract class AttentionKernel : Kernel
{
    /// <inheritdoc/>
    public sealed override bool TakesStrides(Operand operand) => Takes.HasFlag(Takes.Strides);

    /// <summary>What the kernel accepts beyond the usual.</summary>
    protected virtual Takes Takes => Takes.Usual;

    /// <inheritdoc/>
    protected sealed override Plan PlanFor(Problem problem)
    {
        var attention = (AttentionProblem)problem;
        return WhyUnusual(attention) is { } reason ? Refuse(reason) : PlanFor(attention);
    }

    /// <summary>Plans a problem that the kernel <see cref="Takes"/>.</summary>
    protected abstract Plan PlanFor(AttentionProblem problem);

    /// <inheritdoc/>
    protected internal sealed override void Compute(in Call call, int stage, int item) => Compute(new AttentionCall(call), stage, item);

    /// <summary>Computes one work item; see <see cref="Kernel.Compute"/>.</summary>
    protected abstract void Compute(in AttentionCall call, int stage, int item);

    private string? WhyUnusual(AttentionProblem problem) =>
        !problem.Mask.IsContiguous && !Takes.HasFlag(Takes.Patterns) ? $"takes one range of keys a query, and {problem.Mask} shows several"
        : problem.ValueDim != problem.HeadDim && !Takes.HasFlag(Takes.ValueDim)
            ? $"takes values as wide as keys, not {problem.ValueDim} channels beside {problem.HeadDim}"
        : problem.Order != TokenOrder.HeadMajor && !Takes.HasFlag(Takes.Strides) ? "takes tensors in head-major order alone"
        : null;
}

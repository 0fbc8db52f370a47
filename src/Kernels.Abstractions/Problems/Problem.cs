namespace Kernels.Abstractions;

/// <summary>All sizes and parameters that a kernel needs before memory is allocated. Equal problems have equal names.</summary>
public abstract record Problem
{
    /// <summary>The name on the command line and in results, which can be parsed.</summary>
    public abstract string Name { get; }

    /// <summary>Floating-point operations independent of mask and operation, for comparing times across both.</summary>
    public abstract double DenseFlops { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

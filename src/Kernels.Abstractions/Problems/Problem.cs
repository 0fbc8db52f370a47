namespace Kernels.Abstractions;

/// <summary>One question: all sizes and parameters that a kernel needs to know before it takes memory. Equal problems have equal names.</summary>
public abstract record Problem
{
    /// <summary>The name on the command line and in results; it can be read again.</summary>
    public abstract string Name { get; }

    /// <summary>Floating-point operations without what masks leave out, whatever the operation: for comparing times across masks and operations.</summary>
    public abstract double DenseFlops { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

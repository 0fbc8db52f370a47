namespace Kernels.Abstractions;

/// <summary>Description of a kernel.</summary>
/// <param name="Name">Catalog name, <c>family-idea[-tile]</c>, unique.</param>
/// <param name="Idea">One line: what this kernel does that the one it builds on does not.</param>
/// <param name="Operation">The operation that it computes and is judged by.</param>
public sealed record KernelInfo(string Name, string Idea, Operation Operation)
{
    /// <summary>The kernel whose idea this one extends, if any; the report draws the ladder from it.</summary>
    public string? BuildsOn { get; init; }

    /// <summary>Paper and section, or other source.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// Why the gate allows three times the error of plain float32 instead of twice, for example an approximate exponential and its error.
    /// Null for most kernels.
    /// </summary>
    public string? Approximation { get; init; }

    /// <summary>Formats of its operands in memory. The gate rounds the inputs to them before it computes gold.</summary>
    public Format Format { get; init; } = Format.Float32;

    /// <summary>
    /// Format of the weights exp(score − maximum) where they multiply v; the gate rounds those of plain float32 alike. Sums are float32.
    /// </summary>
    public Element Products { get; init; } = Element.Float32;

    /// <summary>First word of the name: naive, simd, flash, sparse, linear, gpu.</summary>
    public string Family => Name.Split('-')[0];
}

using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Models.Files;

/// <summary>A tensor of a weights file: what the file says of it. Its numbers stay in the file until they are read.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The type of its numbers as the format calls it: <c>FLOAT</c>, <c>BF16</c>, <c>Q4_K</c>.</param>
/// <param name="Element">The same where it can be read; null where it cannot.</param>
/// <param name="Shape">Sizes in row-major order, the last varies fastest; empty for a single number.</param>
public sealed record WeightTensor(string Name, string Type, Element? Element, ImmutableArray<long> Shape)
{
    /// <summary>Numbers in it.</summary>
    public long Count { get; init; }

    /// <summary>Why its numbers cannot be read, as the end of a sentence that begins with its name; null when they can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Where its numbers begin in the file, in bytes.</summary>
    internal long Offset { get; init; }

    /// <summary>Bytes of its numbers in the file; 0 where that is not known.</summary>
    internal long Bytes { get; init; }

    /// <summary>The refusal of a type that the reader does not know.</summary>
    internal static string Unsupported(string type) => $"is {type}, which is not supported";
}

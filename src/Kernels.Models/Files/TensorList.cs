using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Models.Files;

/// <summary>The tensors that a reader finds, each checked when it is added, all together at the end.</summary>
/// <param name="fileBytes">Length of the file.</param>
internal sealed class TensorList(long fileBytes)
{
    /// <summary>
    /// Tensors that a file may have. The largest models have some ten thousand, and a file of empty ones must not take many times its size
    /// of memory.
    /// </summary>
    public const int MostTensors = 1 << 17;

    private const int LongestName = 1024;

    private readonly Dictionary<string, WeightTensor> tensors = [];

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type as the format calls it.</param>
    /// <param name="element">The type where it can be read.</param>
    /// <param name="shape">Its sizes, the last varies fastest.</param>
    /// <param name="offset">Where its numbers begin in the file; not used where <paramref name="bytes"/> is 0.</param>
    /// <param name="bytes">What they take there, 0 when not known; the reader compares it with the shape.</param>
    /// <param name="refusal">Why it cannot be read; null when it can, or when the type says it.</param>
    /// <exception cref="InvalidDataException">It has no name, one that was there, a wrong shape, or is not within the file.</exception>
    public void Add(string name, string type, Element? element, ImmutableArray<long> shape, long offset, long bytes, string? refusal = null)
    {
        if (name.Length is 0 or > LongestName)
            throw new InvalidDataException($"a tensor has a name of {name.Length:N0} characters");
        if (tensors.Count == MostTensors)
            throw new InvalidDataException($"it has more than {MostTensors:N0} tensors");
        long count = Of(name, () => TensorShape.Count(shape));
        if (bytes > 0 && (offset < 0 || offset > fileBytes || bytes > fileBytes - offset))
            throw Flaw(name, $"is cut off: it needs {bytes:N0} bytes from byte {offset:N0} of {fileBytes:N0}");
        refusal ??= element is null ? WeightTensor.Unsupported(type) : null;
        if (!tensors.TryAdd(name, new(name, type, element, shape) { Count = count, Offset = offset, Bytes = bytes, Refusal = refusal }))
            throw Flaw(name, "is there twice");
    }

    /// <summary>All tensors by name.</summary>
    /// <exception cref="InvalidDataException">Two tensors share bytes.</exception>
    public IReadOnlyDictionary<string, WeightTensor> ToDictionary()
    {
        WeightTensor? before = null;
        foreach (WeightTensor tensor in tensors.Values.Where(each => each.Bytes > 0).OrderBy(each => each.Offset))
        {
            if (before is not null && tensor.Offset < before.Offset + before.Bytes)
                throw new InvalidDataException($"'{OneLine.Quote(before.Name)}' and '{OneLine.Quote(tensor.Name)}' share bytes");
            before = tensor;
        }
        return tensors;
    }

    /// <summary>Does something for a tensor, whose name begins the message when it fails.</summary>
    public static T Of<T>(string name, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (InvalidDataException error)
        {
            throw Flaw(name, error.Message);
        }
    }

    /// <summary>The refusal of a file for one of its tensors, whose name is quoted before <paramref name="what"/>.</summary>
    public static InvalidDataException Flaw(string name, string what) => new($"'{OneLine.Quote(name)}' {what}");
}

using System.Collections.Concurrent;

namespace Kernels.Abstractions;

/// <summary>Random numbers of an operation by head dimension, created at first use. They define what the operation computes.</summary>
internal sealed class HeadDimTable(Func<int, float[]> create)
{
    private readonly ConcurrentDictionary<int, float[]> tables = new();

    public float[] Of(int headDim) => tables.TryGetValue(headDim, out float[]? known) ? known : tables.GetOrAdd(headDim, create);

    /// <summary>Always equal: the table follows from the parameters of its operation, which are compared instead.</summary>
    public override bool Equals(object? other) => other is HeadDimTable;

    public override int GetHashCode() => 0;
}

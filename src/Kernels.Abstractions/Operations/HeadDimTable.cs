using System.Collections.Concurrent;

namespace Kernels.Abstractions;

/// <summary>Random numbers of an operation by head dimension, made when they are first asked for: they are part of what is computed.</summary>
internal sealed class HeadDimTable(Func<int, float[]> create)
{
    private readonly ConcurrentDictionary<int, float[]> tables = new();

    public float[] Of(int headDim) => tables.TryGetValue(headDim, out float[]? known) ? known : tables.GetOrAdd(headDim, create);

    /// <summary>The tables follow from the parameters of their operation, and do not tell operations apart.</summary>
    public override bool Equals(object? other) => other is HeadDimTable;

    public override int GetHashCode() => 0;
}

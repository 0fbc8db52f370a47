using System.Collections.Concurrent;

namespace Kernels.Abstractions;

/// <summary>Random numbers of a definition by head dimension, made when they are first asked for: they are part of what is computed.</summary>
internal sealed class HeadDimTable(Func<int, float[]> create)
{
    private readonly ConcurrentDictionary<int, float[]> tables = new();

    public float[] Of(int headDim) => tables.TryGetValue(headDim, out float[]? known) ? known : tables.GetOrAdd(headDim, create);
}

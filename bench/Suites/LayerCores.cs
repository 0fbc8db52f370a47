using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Layers;

namespace Kernels.Bench.Suites;

/// <summary>Layers around attention kernels, <c>layer+kernel</c>: their product is too large for the catalog's list.</summary>
internal static class LayerCores
{
    // The same kernel for the same name, because a run judges each kernel once.
    private static readonly ConcurrentDictionary<(Kernel Layer, Kernel Core), Kernel> made = new();

    /// <summary>Those whose names match a glob of the form <c>layer+kernel</c>; none for another glob.</summary>
    /// <param name="glob">The glob.</param>
    /// <param name="present">Layers and attention kernels to join.</param>
    public static IEnumerable<Kernel> Matching(string glob, IReadOnlyList<Kernel> present) =>
        from pair in Pairs(glob, present)
        where WhyNot(pair) is null
        select made.GetOrAdd(pair, static pair => ((IAroundCore)pair.Layer).Around(pair.Core));

    /// <summary>Why the pairs that a glob names are no kernels; null where it names none, or one is a kernel.</summary>
    public static string? WhyNone(string glob, IReadOnlyList<Kernel> present)
    {
        string?[] reasons = [.. Pairs(glob, present).Select(WhyNot)];
        return reasons.Contains(null) ? null : reasons.FirstOrDefault();
    }

    private static string? WhyNot((Kernel Layer, Kernel Core) pair) => LayerKernels.WhyNotCore(pair.Core, (AttentionLayer)pair.Layer.Info.Operation);

    private static IEnumerable<(Kernel Layer, Kernel Core)> Pairs(string glob, IReadOnlyList<Kernel> present) => glob.Split('+') is [var outer, var inner]
        ? from layer in present
          where layer is IAroundCore && KernelGlob.Matches(outer, layer)
          from core in present
          where KernelGlob.Matches(inner, core)
          select (layer, core)
        : [];
}

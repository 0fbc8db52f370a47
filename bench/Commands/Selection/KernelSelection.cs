using Kernels.Abstractions;
using Kernels.Bench.Suites;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Kernels chosen by name.</summary>
public static class KernelSelection
{
    private const string PeerPrefix = "peer-";

    /// <summary>
    /// Kernels whose names match any of the globs, in the order of the catalog, then peers: <c>*</c> stands for any letters, <c>?</c> for
    /// one, commas separate, case does not matter. All kernels and peers when null.
    /// </summary>
    /// <param name="globs">The globs.</param>
    /// <param name="device">Where kernels of devices run; null for the best device.</param>
    /// <param name="peers">Outside programs that take part beside the catalog.</param>
    /// <exception cref="UserError">A glob matches nothing.</exception>
    public static IReadOnlyList<Kernel> Parse(string? globs, DeviceWish? device = null, params IReadOnlyList<Kernel> peers)
    {
        IReadOnlyList<Kernel> all = With(device, peers);
        if (globs is null)
            return all;
        string[] patterns = CommaList.Split(SelectionOptions.KernelsName, globs);
        all = [.. all, .. patterns.SelectMany(pattern => LayerCores.Matching(pattern, all)).Distinct()];
        foreach (string pattern in patterns)
            if (!all.Any(kernel => KernelGlob.Matches(pattern, kernel)))
                throw Unknown(pattern, all);
        return [.. all.Where(kernel => patterns.Any(pattern => KernelGlob.Matches(pattern, kernel)))];
    }

    /// <summary>The kernel or peer of this name.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public static Kernel One(string name, DeviceWish? device = null, params IReadOnlyList<Kernel> peers) =>
        With(device, peers).FirstOrDefault(kernel => kernel.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? LayerCores.Matching(name, With(device, peers)).FirstOrDefault(kernel => kernel.Info.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Unknown(name, With(device, peers));

    /// <summary>Whether a name or glob is that of peers.</summary>
    public static bool IsPeer(string word) => word.StartsWith(PeerPrefix, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<Kernel> With(DeviceWish? device, IReadOnlyList<Kernel> peers) =>
        peers.Count == 0 ? Catalog.On(device) : [.. Catalog.On(device), .. peers];

    private static UserError Unknown(string word, IReadOnlyList<Kernel> all) =>
        IsPeer(word) && all.Count == Catalog.All.Count
            ? new UserError($"'{OneLine.Quote(word)}' names peers; they need {SelectionOptions.PeersName}, where a command has it.")
            : LayerCores.WhyNone(word, all) is { } reason ? new UserError($"'{OneLine.Quote(word)}' is no kernel: {reason}.")
            : all.Any(kernel => KernelGlob.Matches(word, kernel))
                ? new UserError($"'{OneLine.Quote(word)}' matches kernels, and one name is needed; list shows their names.")
            : word.AsSpan().ContainsAny('*', '?') ? new UserError($"No kernel matches '{OneLine.Quote(word)}'; list shows their names.")
            : Nearest.Unknown("kernel", word, all.Select(kernel => kernel.Info.Name));
}

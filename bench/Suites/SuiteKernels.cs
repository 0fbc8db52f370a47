using Kernels.Abstractions;

namespace Kernels.Bench.Suites;

/// <summary>
/// The kernels of an entry of a suite. Each item is a glob, or several separated by bars, of which only the first applies that matches a
/// kernel that this machine can run: the best instruction set of each machine.
/// </summary>
public sealed class SuiteKernels(params string[] items)
{
    /// <summary>The globs of each item, in order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Items { get; } = [.. items.Select(item => item.Split('|'))];

    /// <summary>These items and more.</summary>
    public SuiteKernels With(params string[] more) => new([.. items, .. more]);

    /// <summary>
    /// Those of <paramref name="present"/> that an item matches, in their order, then layers around them (<see cref="LayerCores"/>); an item without a match,
    /// such as an absent peer, is ignored.
    /// </summary>
    public IReadOnlyList<Kernel> Among(IReadOnlyList<Kernel> present)
    {
        Kernel[] all = [.. present, .. Items.SelectMany(item => item).SelectMany(glob => LayerCores.Matching(glob, present)).Distinct()];
        string[] globs =
        [
            .. Items.Select(item => item.FirstOrDefault(
                glob => all.Any(kernel => kernel.Unavailable is null && KernelGlob.Matches(glob, kernel)), item[0])),
        ];
        return [.. all.Where(kernel => globs.Any(glob => KernelGlob.Matches(glob, kernel)))];
    }
}

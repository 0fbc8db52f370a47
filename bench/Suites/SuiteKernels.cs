using Kernels.Abstractions;

namespace Kernels.Bench.Suites;

/// <summary>
/// The kernels that an entry of a suite is for. Each item is a glob, or several with a bar between them: then the first alone of which this
/// machine can run a kernel, so that an entry has the best instruction set of every machine and no other.
/// </summary>
public sealed class SuiteKernels(params string[] items)
{
    /// <summary>The globs of each item, in the order in which they are tried.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Items { get; } = [.. items.Select(item => item.Split('|'))];

    /// <summary>These and more.</summary>
    public SuiteKernels With(params string[] more) => new([.. items, .. more]);

    /// <summary>Those of <paramref name="present"/> that an item stands for, in their order; an item that stands for none, such as an absent peer, is none.</summary>
    public IReadOnlyList<Kernel> Among(IReadOnlyList<Kernel> present)
    {
        string[] globs =
        [
            .. Items.Select(item => item.FirstOrDefault(
                glob => present.Any(kernel => kernel.Unavailable is null && KernelGlob.Matches(glob, kernel)), item[0])),
        ];
        return [.. present.Where(kernel => globs.Any(glob => KernelGlob.Matches(glob, kernel)))];
    }
}

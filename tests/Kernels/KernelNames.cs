using Kernels.Abstractions;
using Kernels.Bench;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Every kernel of the catalog as test data; those of devices and those that are scalar, which do not depend on the vectors of this process, run
/// once.
/// </summary>
internal static class KernelNames
{
    public static TheoryData<string> All => Where(_ => true);

    public static TheoryData<string> Where(Func<Kernel, bool> wanted) => [.. Catalog.All.Where(wanted).Select(Row)];

    public static Kernel Find(string name) => Catalog.All.Single(kernel => kernel.Info.Name == name);

    /// <summary>The kernel; the test is skipped, with the reason, where this machine cannot run it.</summary>
    public static Kernel Available(string name)
    {
        Kernel kernel = Find(name);
        if (kernel.Unavailable is { } reason)
            Assert.Skip($"{name}: {reason}");
        return kernel;
    }

    private static TheoryDataRow<string> Row(Kernel kernel)
    {
        var row = new TheoryDataRow<string>(kernel.Info.Name);
        bool isScalar = kernel.Info.Name.Split('-').Contains("naive");
        return isScalar || kernel.Backend is not null ? row.WithTrait(RunsOnceAttribute.Name, RunsOnceAttribute.Value) : row;
    }
}

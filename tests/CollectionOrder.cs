using Kernels.Tests;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Cuda.Fake;
using Kernels.Tests.Validation;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(CollectionOrder))]

namespace Kernels.Tests;

/// <summary>
/// A class runs on one thread, so a long one that begins last leaves the other processors idle. The first of all keeps its verdicts on wrong kernels, which a
/// <c>run</c> in a process of its own would otherwise compute again; tests that begin such processes come last.
/// </summary>
public sealed class CollectionOrder : ITestCollectionOrderer
{
    private static readonly Type[] first =
        [typeof(WrongKernelTests), typeof(SoftmaxGateTests), typeof(GateTests), typeof(RandomProblemTests), typeof(GuardPageTests)];

    private static readonly Type[] last = [typeof(UserAssemblyTests), typeof(CudaCommandTests), typeof(DeviceTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName))
            .ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(string collection)
    {
        int Among(Type[] types) => Array.FindIndex(types, type => collection.Split(' ').Contains(type.FullName));
        return Among(first) is >= 0 and var early ? early : first.Length + 1 + Among(last);
    }
}

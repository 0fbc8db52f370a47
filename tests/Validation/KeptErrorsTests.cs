using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>Errors of plain float32 that one run of the tests computes for the others: they must not depend on the vectors of a process.</summary>
public sealed class KeptErrorsTests
{
    private const int Cases = 8;

    // Of single roundings of float64, where vectors of another width add in another order.
    private const double MostDifference = 1e-6;

    public static TheoryData<string> Names => [.. Operations.All.Where(KeptErrors.Keeps).Select(operation => operation.Name)];

    /// <summary>Where there is a file of another run, against that; a run of its own writes and reads one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void They_are_those_of_every_run(string name)
    {
        Operation operation = Operations.All.Single(each => each.Name == name);
        KeptErrors computed = KeptErrors.Empty();
        using var cache = new ReferenceCache(Bench.Catalog.References) { Kept = computed };
        KeptErrors? others = GateCache.KeptByAnotherRun;
        // The other run had no kernel for some masks.
        ExpectationKey[] keys = [.. SmallFirst(operation).Where(key => others is null || others.Find(key) is not null).Take(Cases)];
        Assert.Equal(Cases, keys.Length);
        foreach (ExpectationKey key in keys)
            cache.Expectation(key.Case, key.Operation);

        others ??= WrittenAndRead(computed);

        Assert.All(keys, key => Assert.All(computed.Find(key)!.Zip(others.Find(key)!), pair => AssertAlike(pair.First, pair.Second)));
    }

    private static IEnumerable<ExpectationKey> SmallFirst(Operation operation) =>
        from each in GateCases.Of(GateDepth.Quick)
        where each.Injection is null && operation.IsFor(each.Problem) && operation.WhyNot(each.Problem) is null
        where References.Suite.Of(operation).Takes(each.Inputs, Element.Float32)
        orderby operation.Flops(each.Problem)
        select new ExpectationKey(each, operation, Element.Float32, Element.Float32);

    private static void AssertAlike(PlainErrors own, PlainErrors other)
    {
        Assert.Equal(own.IsNaN, other.IsNaN);
        Assert.Equal(own.OfHeads.Length, other.OfHeads.Length);
        Assert.All(own.OfHeads.Zip(other.OfHeads), each => AssertAlike(each.First, each.Second));
        AssertAlike(own.Squares, other.Squares);
    }

    private static void AssertAlike(double own, double other) =>
        Assert.True(Math.Abs(own - other) <= MostDifference * Math.Max(own, other), $"{own:g9} here, {other:g9} in the other run");

    private static KeptErrors WrittenAndRead(KeptErrors errors)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("errors");
        errors.Write(path);
        return KeptErrors.Read(path)!;
    }
}

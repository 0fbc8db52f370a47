using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>Every kernel on problems that nobody chose. The same ones each time: a test that fails now and then helps nobody.</summary>
public sealed class RandomProblemTests(GateCache cache)
{
    private const int Problems = 25;

    private static readonly Gen<AttentionMask> masks = Gen.OneOf(
        Gen.Elements(AttentionMask.Full, AttentionMask.Causal, AttentionMask.CausalTopLeft),
        from left in Gen.Choose(0, 90)
        from right in Gen.Choose(0, 20)
        select AttentionMask.Window(left, right));

    private static readonly Gen<GateCase> cases =
        from batch in Gen.Choose(1, 2)
        from kvHeads in Gen.Choose(1, 3)
        from perKvHead in Gen.Choose(1, 3)
        from queries in Gen.Choose(1, 140)
        from keys in Gen.OneOf(Gen.Choose(1, 140), Gen.Constant(queries))
        from headDim in Gen.OneOf(Gen.Choose(1, 70), Gen.Elements(80, 96, 128, 256))
        from mask in masks
        from valueDim in Gen.OneOf(Gen.Constant<int?>(null), Gen.Elements<int?>(1, 48, 64))
        from order in Gen.Elements(TokenOrder.HeadMajor, TokenOrder.TokenMajor)
        from scale in Gen.OneOf(Gen.Constant<float?>(null), Gen.Elements<float?>(0, -0.1f, 0.05f))
        from family in Gen.Elements(Enum.GetValues<InputFamily>())
        from seed in Gen.Choose(1, 1000)
        select new GateCase(new AttentionProblem(batch, kvHeads * perKvHead, kvHeads, queries, keys, headDim, mask, scale, valueDim, order: order), family, seed);

    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_its_definition(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Problems).WithReplay(20261122, 1);
        Check.One(config, Prop.ForAll(cases.ToArbitrary(), gateCase => Judge(kernel, gateCase)));
    }

    private Property Judge(Kernel kernel, GateCase gateCase)
    {
        if (kernel.WhyNot(gateCase.Problem) is not null)
            return true.ToProperty();
        Verdict verdict = Gate.Run(kernel, cache.References.Expectation(gateCase, kernel.Info));
        return verdict.Passed.Label($"{kernel.Info.Name} on {gateCase}: {verdict.Message}");
    }
}

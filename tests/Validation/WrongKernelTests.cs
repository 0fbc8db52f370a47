using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>The validator's own test: who is wrong is rejected, for the right reason, and who is right is not.</summary>
[RunsOnce]
public sealed class WrongKernelTests(GateCache cache)
{
    public static TheoryData<string> Names => [.. WrongKernelSet.Create().Select(wrong => wrong.Kernel.Info.Name)];

    public static TheoryData<string> Controls => [.. AllControls().Select(control => control.Info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_kernel_is_rejected_for_its_mistake(string name)
    {
        // What every run of the program in this process reports too, and does not compute again.
        WrongKernelResult result = WrongKernelSet.Score(cache.References, afresh: true).WrongKernels.Single(each => each.Name == name);
        Assert.True(result.Rejected, $"{result.Mistake}: expected {result.Expected}, but: {result.Verdict ?? "accepted"}");
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public void The_same_kernel_without_a_mistake_passes(string name)
    {
        Kernel control = AllControls().Single(each => each.Info.Name == name);
        // Written for clarity, most of them allocate.
        using var judge = new CaseJudge(cache.References) { ForbidsAllocation = false };
        GateResult result = GateRun.Validate(control, cache.Quick with { Judge = judge });
        Assert.True(result.Failure is null, result.Failure);
        Assert.True(result.Passed > (control.Info.Operation is LayerOperation ? 8 : 20));
    }

    [Fact]
    public void The_control_of_softmax_takes_every_case_in_head_major_order()
    {
        Kernel control = References.Suite.Of(Operations.Softmax).Controls[0];
        Assert.Equal(
            cache.Quick.Cases.Count(each => ((AttentionProblem)each.Problem).Order == TokenOrder.HeadMajor), GateRun.Validate(control, cache.Quick).Passed);
    }

    [Fact]
    public void Every_kind_of_failure_is_expected_of_some_wrong_kernel()
    {
        // Too coarse on average and yet nowhere: ToleranceRuleTests. Infinite where the oracle is finite: there as well. Without a reference:
        // UnsoundReferenceTests. What ends or hangs its process: JudgeProcessTests.
        IEnumerable<FailureKind> expected = WrongKernelSet.Create().SelectMany(wrong => wrong.Expected)
            .Append(FailureKind.InaccurateOnAverage).Append(FailureKind.Infinite).Append(FailureKind.NoReference)
            .Append(FailureKind.Crashed).Append(FailureKind.TimedOut);
        Assert.Equal(Enum.GetValues<FailureKind>(), expected.Distinct().Order());
    }

    [Fact]
    public void Mistakes_have_names_of_their_own()
    {
        IReadOnlyList<WrongKernel> kernels = WrongKernelSet.Create();
        Assert.Equal(kernels.Count, kernels.DistinctBy(wrong => wrong.Kernel.Info.Name).Count());
        Assert.All(kernels, wrong => Assert.NotEmpty(wrong.Expected));
        Assert.All(Operations.All, definition => Assert.Contains(kernels, wrong => wrong.Kernel.Info.Operation == definition));
    }

    private static IEnumerable<Kernel> AllControls() => Operations.All.SelectMany(operation => References.Suite.Of(operation).Controls);
}

using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>What the gate says of a wrong kernel beyond its verdict.</summary>
[RunsOnce]
public sealed class ExplainingTests(GateCache cache)
{
    [Fact]
    public void The_smallest_case_what_failing_cases_share_and_which_rows_are_off()
    {
        (GateTally tally, Explanation found) = Explain(new TailKernel());

        Assert.Equal("b1-h1-q1-k1-d1", found.Smallest.Problem.Name);
        // The kernel takes no other value width than that of keys.
        Assert.Equal(["head dimension not a multiple of 8", "value width not a multiple of 8"], found.Shared);
        Assert.Equal(100, found.Verdict.Mismatch!.Got);
        Assert.InRange(found.Verdict.Mismatch.Wanted, -10, 10);
        Verdict large = tally.Cases.First(item => item.Case.Problem.Name == "b1-h2-q37-k71-d1").Answer.Verdict!;
        Assert.Equal("every 6th row from row 0; all 2 heads; the one channel", large.WrongPlaces);
        Assert.Contains("got 100, wanted ", large.Message);
    }

    [Fact]
    public void The_wrong_kernel_with_the_same_output()
    {
        (_, Explanation found) = Explain(new MeanKernel());
        Assert.Equal(["wrong-mean-v"], found.Twins);
        Assert.Equal(6, ((AttentionProblem)found.Smallest.Problem).Keys);
    }

    [Fact]
    public void A_right_kernel_has_no_explanation()
    {
        GateTally tally = GateRun.Tally(new Structure.LazyRescale(), cache.Quick, progress: null);
        using var judge = new CaseJudge(cache.References);
        Assert.Null(Explaining.Of(new Structure.LazyRescale(), tally, judge));
    }

    [Fact]
    public void Allocation_at_every_call_is_a_fault()
    {
        (_, Explanation found) = Explain(new AllocatingKernel());
        Assert.Equal(FailureKind.Allocates, found.Verdict.Failure);
        Assert.Equal("allocates 1,024 bytes of managed memory at every call", found.Verdict.Message);
    }

    [Theory]
    [InlineData("all 4 rows", 4, 0, 1, 2, 3)]
    [InlineData("the one row", 1, 0)]
    [InlineData("the first of 9 rows", 9, 0)]
    [InlineData("the last of 9 rows, row 8", 9, 8)]
    [InlineData("one of 9 rows, row 3", 9, 3)]
    [InlineData("rows up to 2 of 9", 9, 0, 1, 2)]
    [InlineData("rows from 7 on, of 9", 9, 7, 8)]
    [InlineData("rows 3 … 5 of 9", 9, 3, 4, 5)]
    [InlineData("every 3rd row from row 1", 9, 1, 4, 7)]
    [InlineData("the first 2 rows of each 4", 11, 0, 1, 4, 5, 8, 9)]
    [InlineData("the last 2 rows of each 6", 13, 4, 5, 10, 11)]
    [InlineData("5 of 13 rows: 0, 1, 5, 6, …", 13, 0, 1, 5, 6, 9)]
    public void Places_have_the_shortest_rule_that_gives_them(string expected, int total, params int[] places) =>
        Assert.Equal(expected, PlacePattern.Of([.. places], total, "row"));

    private (GateTally Tally, Explanation Found) Explain(Kernel kernel)
    {
        using var judge = new CaseJudge(cache.References);
        GateTally tally = GateRun.Tally(kernel, cache.Quick with { Judge = judge }, progress: null);
        return (tally, Assert.IsType<Explanation>(Explaining.Of(kernel, tally, judge)));
    }
}

using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>Generated problems: replayable, of every kind, and bounded.</summary>
[RunsOnce]
public sealed class GeneratedCasesTests
{
    private static readonly IReadOnlyList<GateCase> many = GeneratedCases.Of(2000, 1);

    private static IEnumerable<AttentionProblem> Problems => many.Select(each => (AttentionProblem)each.Problem);

    [Fact]
    public void Equal_seeds_give_equal_cases_and_other_seeds_others()
    {
        Assert.Equal(GeneratedCases.Of(20, 7), GeneratedCases.Of(20, 7));
        Assert.NotEqual(GeneratedCases.Of(20, 7), GeneratedCases.Of(20, 8));
    }

    [Fact]
    public void A_name_replays_a_case_without_the_seed() =>
        Assert.All(many.Take(300), each => Assert.Equal(
            each, CaseRequest.Of(new Structure.LazyRescale(), each, Detail.Usual, default).ToCase()));

    [Fact]
    public void Every_mask_family_and_layout_occurs()
    {
        Assert.All(
            MaskForms.All.Where(form => !form.Example.Contains("FILE", StringComparison.Ordinal)),
            form => Assert.Contains(Problems, problem => Regex.IsMatch(problem.Mask.Name, $"^{Word(form.Example)}")));
        Assert.All(InputFamilies.Seeded, family => Assert.Contains(many, each => each.Inputs == family));
        Assert.All(Enum.GetValues<TokenOrder>(), order => Assert.Contains(Problems, problem => problem.Order == order));
        Assert.Contains(many, each => each.Injection is not null);
        Assert.Contains(Problems, problem => problem.ValueDim != problem.HeadDim);
        Assert.Contains(Problems, problem => problem.KeyStart > 0);
        Assert.Contains(Problems, problem => problem.Scale < 0);
    }

    [Fact]
    public void Sizes_reach_the_ends_and_work_is_bounded()
    {
        Assert.Contains(Problems, problem => problem.Keys > 1 << 16);
        Assert.Contains(Problems, problem => problem.Queries > 1000);
        Assert.Contains(Problems, problem => problem.Heads > 32);
        Assert.Contains(Problems, problem => problem.HeadDim > 200);
        Assert.Contains(Problems, problem => problem.Batch == 5);
        Assert.All(Problems, problem => Assert.InRange(problem.DenseFlops, 1, 4e6));
    }

    private static string Word(string example) => Regex.Match(example, "^[a-z]+").Value;
}

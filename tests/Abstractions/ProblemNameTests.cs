using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

public class ProblemNameTests
{
    [Theory]
    [InlineData("b1-h8-q512-k512-d64", 1, 8, 8, 512, 512, 64, "full")]
    [InlineData("h8/2-q512-d64-causal", 1, 8, 2, 512, 512, 64, "causal")]
    [InlineData("b3-h1-q1-k77-d13-causal-topleft", 3, 1, 1, 1, 77, 13, "causal-topleft")]
    [InlineData("h2-q5-k9-d8-window128", 1, 2, 2, 5, 9, 8, "window128")]
    [InlineData("h2-q5-k9-d8-window127+0", 1, 2, 2, 5, 9, 8, "window127+0")]
    public void Reads_sizes_and_mask(string text, int batch, int heads, int kvHeads, int queries, int keys, int headDim, string mask)
    {
        AttentionProblem problem = ProblemName.Parse(text);

        Assert.Equal(new AttentionProblem(batch, heads, kvHeads, queries, keys, headDim, problem.Mask), problem);
        Assert.Equal(mask, problem.Mask.Name);
    }

    [Theory]
    [InlineData("b1-h8-q512-k512-d64")]
    [InlineData("b2-h8/2-q1-k4096-d128-causal")]
    [InlineData("b1-h1-q7-k5-d13-causal-topleft-s0.5")]
    [InlineData("b1-h1-q7-k5-d13-window6")]
    [InlineData("b1-h1-q7-k5-d13-window0+0")]
    [InlineData("b1-h1-q7-k5-d13-window3+4-s-1E-05")]
    public void Written_and_read_again_is_the_same_problem(string name)
    {
        AttentionProblem problem = ProblemName.Parse(name);

        Assert.Equal(name, problem.ToString());
        Assert.Equal(problem, ProblemName.Parse(problem.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpt2")]
    [InlineData("h8-q512")]
    [InlineData("h8-q512-d64-diagonal")]
    [InlineData("h8-q512-d64-window7")]
    [InlineData("h8-q512-d64-window99999999999")]
    [InlineData("h8-q99999999999-d64")]
    [InlineData("h8-q512-d64-s1e")]
    [InlineData("h8-q512-d64\n")]
    public void What_is_no_name_is_refused_with_the_text_in_the_message(string text)
    {
        var error = Assert.Throws<FormatException>(() => ProblemName.Parse(text));

        Assert.Contains("'", error.Message);
    }

    [Theory]
    [InlineData("h0-q5-d8", "heads")]
    [InlineData("h8/3-q5-d8", "3 kv heads")]
    [InlineData("h8-q-5-d8", "queries")]
    [InlineData("h8-q5-k0-d8", "keys")]
    [InlineData("h8-q5-d0", "head dimension")]
    [InlineData("b0-h8-q5-d8", "batch")]
    [InlineData("b9999-h9999-q9999-d64", "at most")]
    [InlineData("h8-q5-d8-s1e99", "finite")]
    public void Impossible_sizes_are_named(string text, string named)
    {
        var error = Assert.Throws<ArgumentException>(() => ProblemName.Parse(text));

        Assert.Contains(named, error.Message);
    }
}

using System.Text;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>Names of shapes and masks, from the command line and from results.</summary>
[RunsOnce]
public sealed class NameFuzzTests
{
    private static readonly string[] shapes =
    [
        "b1-h8/2-q512-k512-d64-causal", "h8-q512-d64", "b2-h4-q7@-3-k9@5-d192v128-window127+0-bshd-s0.5",
        "h1-q64-d8-longnet8x1+32x4", "h2-q64-d16-blocks16-p10-seed1",
        "h1-q48-d8-blocks16@a.txt", "h2-q96-d8-bigbird16-w3-g1-r3-seed1", "h1-q64-d8-longformer16-g4",
        "h1-q64-d8-strided8", "h1-q64-d8-fixed16-c4", "h1-q64-d8-dilated8x3",
    ];

    private static readonly string[] pieces =
    [
        .. MaskForms.All.Select(form => form.Example), "-q", "-k", "-d", "-h", "b", "/", "@",
        "+", "x", "-s", "-seed", "-p", "2147483647", "2147483648", "4294967296", "-1", "65536",
        "1000000", "-bshd", "1e-45", "nan", "inf", "causal", "window", "@/dev/zero", ",",
    ];

    [Fact]
    public void A_name_of_a_problem_reads_back_or_is_refused()
    {
        MaskLines lines = MaskLines.Of(new Dictionary<string, IReadOnlyList<string>> { ["blocks16@a.txt"] = ["101", "010", "111"] });
        FuzzRun.Try("shapes", [.. shapes.Select(Encoding.UTF8.GetBytes)], pieces, (input, number) =>
        {
            AttentionProblem problem = Read(Encoding.UTF8.GetString(input), lines);
            Assert.Equal(problem, ProblemName.Parse(problem.ToString(), lines));
            _ = problem.Mask.Misfit(problem.Queries, problem.Keys);
            Assert.True(FileName.Of(problem.ToString()).Length < 160);
            if (number % 50 == 0)
                _ = new MaskPicture(problem.Mask);
        }, error => error is FormatException);
    }

    // As those who read names do: the message has the name, which may be of several lines.
    private static AttentionProblem Read(string name, MaskLines lines)
    {
        try
        {
            return ProblemName.Parse(name, lines);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new FormatException(OneLine.Clean(error.Message));
        }
    }

    [Fact]
    public void What_the_command_line_takes_for_shapes_is_a_problem_or_refused() =>
        FuzzRun.Try("--shapes", [.. shapes.Where(shape => !shape.Contains("@a")).Select(Encoding.UTF8.GetBytes)], pieces,
            (input, _) => ShapeSelection.Parse(Encoding.UTF8.GetString(input), null, null), error => error is UserError);

    [Fact]
    public void What_the_command_line_takes_for_lengths_is_a_list_or_refused() =>
        FuzzRun.Try("--lengths", [.. new[] { "128..4096", "128,256,1000", "1" }.Select(Encoding.UTF8.GetBytes)], [.. pieces, "..", ","],
            (input, _) => LengthSelection.Parse(Encoding.UTF8.GetString(input)), error => error is UserError);
}

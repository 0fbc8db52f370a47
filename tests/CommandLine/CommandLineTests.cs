using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

public class CommandLineTests
{
    [Theory]
    [InlineData("lst", "Unknown verb 'lst'; the nearest are list")]
    [InlineData("Run!", "Unknown verb 'Run!'")]
    [InlineData("--sute quick", "Unknown option of run '--sute'; the nearest are --suite")]
    [InlineData("--suite=quick --kernls=x", "Unknown option of run '--kernls'; the nearest are --kernels")]
    [InlineData("list --jsn", "Unknown option of list '--jsn'; the nearest are --json")]
    [InlineData("list -x", "Unknown option of list '-x'")]
    [InlineData("list everything", "list takes no 'everything' here")]
    [InlineData("list --json --markdown", "not both")]
    [InlineData("list --kernels", "--kernels")]
    [InlineData("apply k --q q --k k --v v --out ", "apply takes no empty argument")]
    [InlineData("verify --depth fulll", "Unknown value of --depth 'fulll'; the nearest are full")]
    [InlineData("run --budget abc", "--budget takes no 'abc'; it needs a number")]
    [InlineData("list --kernels a --kernels b", "--kernels")]
    [InlineData("list --json maybe", "maybe")]
    [InlineData("list --kernels naive-tripel-loop", "Unknown kernel 'naive-tripel-loop'; the nearest are naive-triple-loop,")]
    [InlineData("@files/are/not/read", "Unknown verb '@files/are/not/read'")]
    [InlineData("apply --kernel x", "Unknown option of apply '--kernel'")]
    [InlineData("apply naive-triple-loop --k x.npy", "The input q is missing: softmax has q, k, v; --in q=FILE.npy gives it.")]
    [InlineData("apply", "apply needs KERNEL; see apply --help.")]
    [InlineData("model", "model needs one of fetch, run, compare, capture, generate, translate; see model --help.")]
    [InlineData("model rnu minilm", "Unknown verb of model 'rnu'; the nearest are run")]
    [InlineData("model run", "model run needs MODEL; see model run --help.")]
    [InlineData("model run minilm --txt a", "Unknown option of model run '--txt'; the nearest are --text")]
    [InlineData("model run minilm --text a --threads 100000000", "'100000000' is not a number of threads")]
    [InlineData("apply a b --q q --k k --v v --out o", "apply takes no 'b' here")]
    public async Task Wrong_command_lines_are_one_line(string line, string expected) =>
        Assert.Contains(expected, await CommandRun.Refused(line.Split(' ')));

    [Fact]
    public async Task Help_of_each_verb_has_examples()
    {
        foreach (string verb in Cli.Root().Subcommands.Select(verb => verb.Name))
        {
            CommandRun run = await CommandRun.Of(verb, "--help");
            Assert.Equal(ExitCode.Ok, run.ExitCode);
            Assert.Contains($"Examples:", run.Output);
            Assert.Contains($"{Examples.Program} {verb}", run.Output);
            Assert.Equal("", run.Error);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public async Task Help_names_each_verb(string option)
    {
        CommandRun run = await CommandRun.Of(option);
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.All(Cli.Root().Subcommands.Where(verb => !verb.Hidden), verb => Assert.Contains($"  {verb.Name} ", run.Output));
    }

    [Fact]
    public async Task Version_is_a_number()
    {
        CommandRun run = await CommandRun.Of("--version");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Matches(@"^[0-9]+\.[0-9]+\.[0-9]+", run.Output);
    }

    [Fact]
    public void Examples_are_read_without_error()
    {
        foreach (Command verb in Cli.Root().Subcommands)
            foreach (string example in Examples.Of[verb.Name])
            {
                ParseResult parse = Cli.Parse([.. Regex.Matches(example, "\"[^\"]*\"|'[^']*'|[^ ]+").Select(word => word.Value.Trim('\'', '"'))]);
                Assert.Contains(verb.Name, new[] { parse.CommandResult, parse.CommandResult.Parent as CommandResult }.Select(result => result?.Command.Name));
                Assert.Null(CommandLineError.In(parse));
            }
    }

    [Theory]
    [InlineData("")]
    [InlineData("--suite quick")]
    [InlineData("--kernels naive-*")]
    public void Run_is_the_default_verb(string line) =>
        Assert.Equal("run", Cli.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).CommandResult.Command.Name);
}

using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

public sealed class TranslateTests
{
    [Theory]
    [InlineData("--ids", "1,2,499")]
    [InlineData("--source", "1", "--layers", "1", "--threads", "2")]
    [InlineData("--core", "naive-three-pass", "--seed", "3")]
    public async Task It_translates_tells_how_fast_and_checks_itself(params string[] options)
    {
        CommandRun run = await CommandRun.Of(["model", "translate", "--shape", "transformer-tiny", "--tokens", "7", .. options]);

        run.RequireSuccess();
        Assert.Matches(@"ids +\d+( \d+){6}\r?\n", run.Output);
        Assert.Matches("encode +.* a second", run.Output);
        Assert.Matches("decode +7 tokens at .* a second", run.Output);
        Assert.Contains("check    right", run.Output);
    }

    [Theory]
    [InlineData("--shape takes transformer-base or transformer-big or transformer-tiny, not 'gpt2-small'", "--shape", "gpt2-small")]
    [InlineData("--tokens takes 1 to 1,024, not 0", "--tokens", "0")]
    [InlineData("--layers takes 1 to 1,000, not -1", "--layers", "-1")]
    [InlineData("--ids takes numbers below 37,000, not '37000'", "--ids", "1,37000")]
    [InlineData("--ids has an empty item", "--ids", "1,,2")]
    [InlineData("Give --source or --ids, not both", "--ids", "1", "--source", "3")]
    [InlineData("--core: naive-online-lse computes softmax-lse", "--core", "naive-online-lse")]
    [InlineData("The weights and probabilities need", "--shape", "transformer-big", "--layers", "1000")]
    public async Task A_wrong_command_line_is_refused_in_one_line(string message, params string[] options) =>
        Assert.Contains(message, await CommandRun.Refused(["model", "translate", .. options]));

    [Fact]
    public async Task Ctrl_C_ends_it_after_the_token_at_hand()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        CommandRun run = await CommandRun.OfStoppedProcess(
            "-INT", "random weights", new Dictionary<string, string>(), "model", "translate",
            "--shape", "transformer-tiny", "--tokens", "1000", "--layers", "200");

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Equal("Stopping.", run.Error.Trim());
        Assert.Contains("check    none: stopped before the end", run.Output);
    }
}

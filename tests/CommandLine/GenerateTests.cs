using System.Text.RegularExpressions;
using Kernels.Bench.Commands;
using Kernels.Tests.Measurement;
using Xunit;

namespace Kernels.Tests.CommandLine;

[Collection(nameof(Alone))]
public sealed partial class GenerateTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("--ids", "1,2,511")]
    [InlineData("--prompt", "1", "--weights", "bfloat16", "--threads", "2")]
    [InlineData("--prompt", "9", "--core", "naive-three-pass", "--temperature", "0.8", "--seed", "3")]
    public async Task It_generates_tells_how_fast_and_checks_itself(params string[] options)
    {
        CommandRun run = await CommandRun.Of(["model", "generate", "--shape", "tinystories-260k", "--layers", "2", "--tokens", "6", .. options]);

        run.RequireSuccess();
        Assert.Contains("2 layers of 8 heads on 4 kv heads", run.Output);
        Assert.Matches(Ids(), run.Output);
        Assert.Contains("check    right", run.Output);
        Assert.Matches("decode .* median .* µs a token", run.Output);
        Assert.Matches("MiB of caches a token: .* GB/s", run.Output);
    }

    [Theory]
    [InlineData("Give --shape (tinystories-260k, llama3-8b) or --file.")]
    [InlineData("--shape takes tinystories-260k or llama3-8b, not 'gpt2-small'", "--shape", "gpt2-small")]
    [InlineData("--tokens takes 1 to 1,048,576, not 0", "--shape", "tinystories-260k", "--tokens", "0")]
    [InlineData("--layers takes 1 to 1,000, not -1", "--shape", "tinystories-260k", "--layers", "-1")]
    [InlineData("--vocabulary takes 1 to", "--shape", "tinystories-260k", "--vocabulary", "0")]
    [InlineData("--ids takes numbers below 512, not '512'", "--shape", "tinystories-260k", "--ids", "1,512")]
    [InlineData("--ids has an empty item", "--shape", "tinystories-260k", "--ids", "1,,2")]
    [InlineData("Give --prompt or --ids, not both", "--shape", "tinystories-260k", "--ids", "1", "--prompt", "3")]
    [InlineData("--weights takes float32 or bfloat16, not 'float16'", "--shape", "tinystories-260k", "--weights", "float16")]
    [InlineData("--temperature takes 0 to 100, not -1", "--shape", "tinystories-260k", "--temperature", "-1")]
    [InlineData("--core: naive-online-lse computes softmax-lse", "--shape", "tinystories-260k", "--core", "naive-online-lse")]
    [InlineData("--layers is not for a --file", "--file", "model.gguf", "--layers", "3")]
    [InlineData("The weights and caches need", "--shape", "llama3-8b", "--layers", "1000")]
    [InlineData("no-such.gguf", "--file", "no-such.gguf")]
    public async Task A_wrong_command_line_is_refused_in_one_line(string message, params string[] options) =>
        Assert.Contains(message, await CommandRun.Refused(["model", "generate", .. options]));

    [Fact]
    public async Task A_file_that_is_no_decoder_is_refused_in_one_line()
    {
        File.WriteAllText(temporary.File("text.gguf"), "GGUF, it says");
        Assert.Contains("text.gguf: ", await CommandRun.Refused("model", "generate", "--file", temporary.File("text.gguf")));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_after_the_token_at_hand()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        CommandRun run = await CommandRun.OfStoppedProcess(
            "-INT", "layers of", new Dictionary<string, string>(), "model", "generate", "--shape", "tinystories-260k", "--tokens", "100000", "--prompt", "1");

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Equal("Stopping.", run.Error.Trim());
        Assert.Contains("check    none: stopped before the end", run.Output);
    }

    [GeneratedRegex(@"ids +\d+( \d+){5}\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}

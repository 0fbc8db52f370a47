using Kernels.Bench.Commands;
using Kernels.Models;
using Kernels.Models.Files;
using Kernels.Tests.Structure;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>Captured inputs on the command line, with the trained model and without it.</summary>
[RunsOnce]
public sealed class CapturedTests
{
    private static readonly string[] verify = ["verify", "--kernels", "naive-three-pass", "--generated", "0"];

    [Fact]
    public async Task Without_the_model_asking_for_them_is_an_error_that_says_how_to_fetch_it()
    {
        using var folder = new TemporaryFolder();
        foreach (string[] words in (string[][])[[.. verify, "--inputs", "normal,captured"], ["run", "--suite", "captured", "--out", folder.File("run")]])
        {
            CommandRun run = await CommandRun.OfOwnProcess(new Dictionary<string, string> { [ModelFolder.Variable] = folder.Path }, words);
            Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
            Assert.Contains("model fetch minilm", Assert.Single(run.Error.TrimEnd().Split('\n')));
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public async Task Without_it_the_gate_has_none_and_says_so()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("verdicts.json");
        CommandRun run = await CommandRun.OfOwnProcess(
            new Dictionary<string, string> { [ModelFolder.Variable] = folder.Path }, "verify",
            "--kernels", "naive-three-pass", "--shapes", "h1-q4-d4", "--json", file);
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("No captured inputs", run.Output);
        VerifyResults results = Results.JsonFile.Read<VerifyResults>(file, out _)!;
        Assert.Equal(0, results.Captured!.Count);
        Assert.Contains("not fetched", results.Captured.Reason);
        Assert.Null(results.Kernels[0].Gate!.Captured);
    }

    [Fact]
    public async Task With_it_the_gate_has_some_and_counts_them()
    {
        RequireModel();
        using var folder = new TemporaryFolder();
        string file = folder.File("verdicts.json");
        CommandRun run = await CommandRun.Of([.. verify, "--inputs", "captured", "--json", file]);
        Assert.True(run.ExitCode == ExitCode.Ok, run.Output + run.Error);
        VerifyResults results = Results.JsonFile.Read<VerifyResults>(file, out _)!;
        Assert.Equal(new CapturedSet(results.Kernels[0].Cases.Count, null), results.Captured);
        Assert.Equal((results.Captured!.Count, results.Captured.Count), (results.Kernels[0].Gate!.Passed, results.Kernels[0].Gate!.Captured));
    }

    [Fact]
    public async Task A_capture_is_written_in_either_format_into_an_empty_folder_alone()
    {
        RequireModel();
        using var folder = new TemporaryFolder();
        string[] words = ["model", "capture", "minilm", "--text", "The cat sat down"];
        string npy = folder.File("npy"), one = folder.File("one");
        Assert.Equal(ExitCode.Ok, (await CommandRun.Of([.. words, "--out", npy])).ExitCode);
        CommandRun run = await CommandRun.Of([.. words, "--out", one, "--format", "safetensors"]);
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("peaked rows", run.Output);

        Assert.Equal(6 * 3, Directory.EnumerateFiles(npy).Count());
        using var file = WeightsFile.Open(Assert.Single(Directory.EnumerateFiles(one)));
        Assert.Equal(6 * 3, file.Tensors.Count);
        foreach (string path in Directory.EnumerateFiles(npy))
        {
            using var array = Bench.Npy.NpyReader.Open(path);
            float[] numbers = new float[array.Length];
            array.Read(numbers);
            Assert.Equal(numbers, file.Read(Path.GetFileNameWithoutExtension(path), [.. array.Shape.Select(size => (long)size)]));
        }
        Assert.Contains("new or an empty folder", await CommandRun.Refused([.. words, "--out", one, "--format", "safetensors"]));
        Assert.Contains("new or an empty folder", await CommandRun.Refused([.. words, "--out", npy]));
    }

    [Fact]
    public async Task Another_format_is_refused() =>
        Assert.Contains("npz", await CommandRun.Refused("model", "capture", "minilm", "--text", "x", "--out", "no-such-folder", "--format", "npz"));

    private static void RequireModel() =>
        Assert.SkipUnless(MiniLm.IsIn(ModelFolder.Of(Repository.Root, MiniLm.Name)), "the model was not fetched: model fetch minilm");
}

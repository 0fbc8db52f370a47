using System.Text;
using System.Text.Json;
using Kernels.Bench.Commands;
using Kernels.Models.Files;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

[RunsOnce]
public sealed class TrainCommandTests : IDisposable
{
    private const string Model = "transformer.safetensors";

    private static readonly string[] small = ["train", "winograd", "--steps", "24", "--threads", "1", "--out"];

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("-KILL", 137)]
    [InlineData("-INT", ExitCode.Interrupted)]
    public async Task A_killed_training_resumes_and_ends_as_one_that_was_not(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        string whole = temporary.File("whole"), killed = temporary.File("killed");
        (await CommandRun.Of([.. small, whole])).RequireSuccess();

        CommandRun first = await CommandRun.OfStoppedProcess(signal, "step 3 of 24", new Dictionary<string, string>(), [.. small, killed]);
        Assert.Equal(exitCode, first.ExitCode);
        Assert.True(StepOf(killed) is >= 3 and < 24, $"step {StepOf(killed)}");
        (await CommandRun.Of("train", "--resume", killed, "--threads", "2")).RequireSuccess();

        Assert.Equal(Numbers(whole), Numbers(killed));
        TrainingResults results = TrainingFolder.Read(killed);
        Assert.False(results.Interrupted);
        Assert.Equal(TrainingFolder.Read(whole).Models[0].Curve, results.Models[0].Curve);
        Assert.Equal(TrainingFolder.Read(whole).Models[0].Tests, results.Models[0].Tests);
    }

    [Fact]
    public async Task A_training_has_its_page_and_its_heads()
    {
        string folder = temporary.File("trained");
        CommandRun run = await CommandRun.Of("train", "winograd", "--steps", "3", "--kernels", "flash-backward-portable", "--out", folder);
        run.RequireSuccess();
        Assert.Contains("held-out nouns", run.Output);
        Assert.Equal("flash-backward-portable", TrainingFolder.Read(folder).Kernels["softmax-backward"]);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains("training-loss", page);
        Assert.Contains("held-out nouns", page);
        Assert.True(File.Exists(Path.Combine(folder, "charts", "training-loss.png")));

        File.Delete(Path.Combine(folder, "index.html"));
        (await CommandRun.Of("report", folder)).RequireSuccess();
        Assert.Equal(page, File.ReadAllText(Path.Combine(folder, "index.html")));
        string other = temporary.File("report");
        (await CommandRun.Of("report", folder, "--out", other)).RequireSuccess();
        Assert.Equal(page, File.ReadAllText(Path.Combine(other, "index.html")));
        Assert.Contains("a training, which has a report of its own", await CommandRun.Refused("report", folder, other, "--out", temporary.File("both")));

        string heads = temporary.File("heads.html");
        CommandRun attend = await CommandRun.Of(
            "attend", "--model", folder, "--text", "The dog didn't enter the park because it was too muddy.", "--out", heads);
        attend.RequireSuccess();
        Assert.Contains("it says", File.ReadAllText(heads));
        Assert.StartsWith(
            "'bicycle' is none of the ",
            await CommandRun.Refused(
                "attend", "--model", folder, "--text", "The bicycle didn't cross the street because it was too wide", "--out", heads, "--force"));
        Assert.Equal(
            "The text has no \"it\", of which this model says what it means.",
            await CommandRun.Refused("attend", "--model", folder, "--text", "The dog", "--out", heads, "--force"));
    }

    [Fact]
    public async Task What_is_no_training_or_another_is_refused_in_one_line()
    {
        string folder = temporary.File("trained");
        (await CommandRun.Of("train", "winograd", "--steps", "2", "--out", folder)).RequireSuccess();

        Assert.Contains("--resume goes on", await CommandRun.Refused("train", "winograd", "--out", folder));
        Assert.Contains("omit --steps", await CommandRun.Refused("train", "--resume", folder, "--steps", "5"));
        Assert.Contains("has a training of winograd", await CommandRun.Refused("train", "copy", "--resume", folder));
        Assert.Contains("has no training", await CommandRun.Refused("train", "--resume", temporary.File("none")));
        Assert.Contains("has no training", await CommandRun.Refused("attend", "--model", temporary.Path, "--out", temporary.File("heads.html")));
        Assert.Contains("There is no task 'winogrande'", await CommandRun.Refused("train", "winogrande"));
        Assert.Contains("Give a task", await CommandRun.Refused("train"));
        Assert.Contains("--steps takes", await CommandRun.Refused("train", "copy", "--steps", "0"));
        Assert.Contains("naive-triple-loop computes softmax", await CommandRun.Refused("train", "copy", "--kernels", "naive-triple-loop"));
        Assert.Contains("two kernels of softmax-backward", await CommandRun.Refused("train", "copy", "--kernels", "flash-backward-portable,naive-backward"));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_refused_in_one_line()
    {
        string folder = temporary.File("trained"), file = Path.Combine(folder, Model), json = Path.Combine(folder, TrainingResults.FileName);
        (await CommandRun.Of("train", "winograd", "--steps", "2", "--out", folder)).RequireSuccess();
        byte[] whole = File.ReadAllBytes(file);

        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
        Assert.Contains(Model, await CommandRun.Refused("train", "--resume", folder));
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(whole[..2000])));
        Assert.Contains(Model, await CommandRun.Refused("attend", "--model", folder, "--out", temporary.File("heads.html")));
        whole[^1] = whole[^2] = 0xFF;
        File.WriteAllBytes(file, whole);
        await CommandRun.Refused("train", "--resume", folder);
        File.WriteAllText(json, "{}");
        Assert.Contains("is damaged", await CommandRun.Refused("train", "--resume", folder));
    }

    private static int StepOf(string folder)
    {
        using WeightsFile file = WeightsFile.Open(Path.Combine(folder, Model));
        string state = file.Metadata["training"];
        return JsonDocument.Parse(state).RootElement.GetProperty("step").GetInt32();
    }

    private static Dictionary<string, float[]> Numbers(string folder)
    {
        using WeightsFile file = WeightsFile.Open(Path.Combine(folder, Model));
        return file.Tensors.Keys.ToDictionary(name => name, file.Read);
    }
}

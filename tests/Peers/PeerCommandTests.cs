using Kernels.Bench;
using Kernels.Measurement.Runs;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Measurement;
using Xunit;

namespace Kernels.Tests.Peers;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class PeerCommandTests
{
    [Fact]
    public async Task Peers_take_part_only_when_they_are_asked_for()
    {
        Assert.Contains("--peers", await CommandRun.Refused("verify", "--kernels", "peer-onnxruntime-mha"));
        Assert.Contains("There is no folder", await CommandRun.Refused("run", "--peers", "/no/such/folder"));
        using var peer = new FakePeer();
        Assert.Contains(FakePeer.Name, await CommandRun.Refused("list", "--peers", peer.Folder, "--kernels", "peer-fake-one"));

        CommandRun without = await CommandRun.Of("list");
        CommandRun with = await CommandRun.Of("list", "--peers", peer.Folder);
        Assert.DoesNotContain(FakePeer.Name, without.Output);
        Assert.Matches($"{FakePeer.Name} .*runs, fake 1.0", with.Output);
    }

    [Fact]
    public async Task Verify_tells_that_a_peer_is_wrong()
    {
        using var peer = new FakePeer();

        CommandRun run = await CommandRun.Of("verify", "--peers", peer.Folder, "--kernels", "peer-*", "--shapes", "h1-q2-d2");

        Assert.Equal(Kernels.Bench.Commands.ExitCode.Failed, run.ExitCode);
        Assert.Matches($"{FakePeer.Name} +WRONG", run.Output);
    }

    [Fact]
    public async Task Compare_times_no_peer_that_is_wrong_and_none_with_cold_caches()
    {
        using var peer = new FakePeer();
        string[] command = ["compare", "naive-three-pass", FakePeer.Name, "--peers", peer.Folder, "--shapes", "h1-q2-d2", "--threads", "1"];

        CommandRun wrong = await CommandRun.Of(command);

        Assert.Equal(Kernels.Bench.Commands.ExitCode.Failed, wrong.ExitCode);
        Assert.Contains($"The gate rejects {FakePeer.Name}", wrong.Error);
        Assert.Contains("warm caches only", await CommandRun.Refused([.. command, "--cold"]));
    }

    [Fact]
    public async Task A_run_has_rows_of_absent_peers_and_can_be_resumed()
    {
        using var temporary = new TemporaryFolder();
        using var peer = new FakePeer(hello: """echo '{"missing":"not here"}'""");
        string folder = temporary.File("run");

        CommandRun run = await CommandRun.Of(
            "run", "--peers", peer.Folder, "--kernels", "naive-three-pass,peer-*", "--shapes", "h1-q16-d8", "--threads", "1", "--out", folder);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        RunResults results = RunStore.Open(folder).Assemble();
        Assert.Equal(["naive-three-pass", FakePeer.Name], results.Cases.Select(result => result.Kernel));
        Assert.Equal((CaseStatus.Unsupported, "not here; to install it: sudo make me a peer"), (results.Cases[1].Status, results.Cases[1].Reason));
        Assert.Contains("to install it", await File.ReadAllTextAsync(Path.Combine(folder, "index.html")));

        File.Delete(Directory.EnumerateFiles(Path.Combine(folder, "cases"), "peer-*").Single());
        Assert.Equal(0, (await CommandRun.Of("run", "--resume", folder)).ExitCode);
        Assert.Equal(2, RunStore.Open(folder).Assemble().Cases.Count);
    }

    [Fact]
    public void A_run_is_not_continued_with_another_version()
    {
        using var peer = new FakePeer();
        RunHeader header = Samples.Header(Samples.Of(peer.Kernel));
        header.RequireSame(header.Results.Machine, Samples.Of(peer.Kernel), Catalog.All);
        RunHeader other = header with
        {
            Results = header.Results with
            {
                Kernels = [.. header.Results.Kernels.Select(each => each.Name == FakePeer.Name ? each with { Version = "fake 0.9" } : each)],
            },
        };

        Assert.Contains(
            "with peer-fake-zeros as fake 0.9",
            Assert.Throws<UserError>(() => other.RequireSame(header.Results.Machine, Samples.Of(peer.Kernel), Catalog.All)).Message);
    }
}

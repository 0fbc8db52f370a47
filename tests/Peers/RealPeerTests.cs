using System.Diagnostics;
using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Structure;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Peers;

/// <summary>The peers that come with the checkout, and the one that the document teaches, before the gate.</summary>
[Collection(nameof(Measurement.Alone))]
[RunsOnce]
public sealed class RealPeerTests
{
    private static readonly string folder = PeerSet.UsualFolder(Repository.Root);

    [Theory]
    [InlineData("peer-onnxruntime-mha", 30)]
    [InlineData("peer-onnxruntime-mha-unfused", 30)]
    [InlineData("peer-onnxruntime-attention", 50)]
    [InlineData("peer-onnxruntime-gqa", 20)]
    [InlineData("peer-pytorch-flash", 50)]
    [InlineData("peer-pytorch-flash-lse", 40)]
    [InlineData("peer-pytorch-flash-backward", 30)]
    [InlineData("peer-llamacpp-flash", 70)]
    [InlineData("peer-llamacpp-flash-bf16", 70)]
    public void Each_operator_passes_the_gate_where_it_is_built(string name, int least)
    {
        using PeerSet peers = PeerSet.Open(folder);
        PeerKernel kernel = peers.Kernels.Single(each => each.Info.Name == name);
        if (kernel.Unavailable is { } reason)
            Assert.Skip(reason);
        using var cache = new ReferenceCache();

        GateResult result = GateRun.Validate(kernel, new GateOptions { Cases = GateCases.Of(GateDepth.Quick), Cache = cache });

        Assert.Null(result.Failure);
        Assert.True(result.Passed >= least, $"only {result.Passed} cases were tried");
        Assert.Matches("[0-9]+[.][0-9]+", kernel.Backend.Version);
    }

    [Fact]
    public void The_peer_of_the_document_passes_the_gate()
    {
        using var temporary = new TemporaryFolder();
        string document = Repository.Read("docs/peers.md");
        File.WriteAllText(temporary.File("peer.json"), BlockPattern("json").Match(document).Groups["text"].Value);
        File.WriteAllText(temporary.File("peer.cs"), BlockPattern("csharp").Match(document).Groups["text"].Value);
        string[] words = ["build", "-c", "Release", "-v", "quiet", temporary.File("peer.cs"), "-o", temporary.File("out")];
        using Process build = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true })!;
        string said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, said);

        Pass(
            temporary, ["peer-plain-loops", "peer-plain-loops-lse"],
            "b2-h4/2-q5-k7-d3", "h2-q1-k9-d4", "h1-q3-d2-s0.7", "h2/1-q5-k8-d4v3");
    }

    [Theory]
    [InlineData("peer-onnxruntime-mha")]
    [InlineData("peer-pytorch-flash")]
    [InlineData("peer-llamacpp-flash")]
    public void More_threads_compute_the_same(string name)
    {
        using PeerSet peers = PeerSet.Open(folder);
        PeerKernel kernel = peers.Kernels.Single(each => each.Info.Name == name);
        if (kernel.Unavailable is { } reason)
            Assert.Skip(reason);
        using Inputs inputs = AttentionInputs.Create(ProblemName.Parse("b2-h3-q130-k130-d16"), InputFamily.Normal, seed: 1);

        float[] Output(int threads)
        {
            using var buffers = new CallBuffers(kernel, inputs, Executors.For(kernel, threads));
            buffers.Call.Nanoseconds(3);
            return buffers.Read(AttentionOperation.O);
        }

        float[] alone = Output(1);
        Assert.All([2, 3], threads => Assert.All(alone.Zip(Output(threads)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f)));
    }

    [Fact]
    public async Task A_peer_is_compared_with_a_kernel_where_it_is_installed()
    {
        using (PeerSet peers = PeerSet.Open(folder))
            if (peers.Kernels.Single(each => each.Info.Name == "peer-onnxruntime-mha").Unavailable is { } reason)
                Assert.Skip(reason);

        CommandRun run = await CommandRun.Of(
            "compare", "peer-onnxruntime-mha", "naive-three-pass", "--peers", folder, "--shapes", "h1-q16-d8", "--threads", "1", "--rounds", "6");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("peer-onnxruntime-mha", run.Output);
    }

    [Fact]
    public void The_document_names_every_operator()
    {
        using PeerSet peers = PeerSet.Open(folder);
        string document = Repository.Read("docs/peers.md");

        Assert.All(peers.Kernels, kernel => Assert.Contains($"| `{kernel.Info.Name}` |", document));
    }

    private static void Pass(TemporaryFolder peer, string[] names, params string[] problems)
    {
        using PeerSet peers = PeerSet.Open(peer.File(""));
        Assert.Equal(names, peers.Kernels.Select(kernel => kernel.Info.Name));
        using var cache = new ReferenceCache();
        GateCase[] cases = [.. problems.Select(problem => new GateCase(ProblemName.Parse(problem), InputFamily.Normal, 1))];
        Assert.All(peers.Kernels, kernel =>
        {
            Assert.Null(kernel.Unavailable ?? kernel.Backend.Failure);

            GateResult result = GateRun.Validate(kernel, new GateOptions { Cases = cases, Cache = cache });

            Assert.Null(result.Failure);
            Assert.Equal((problems.Length, 0), (result.Passed, result.Refused));
            Assert.NotNull(kernel.WhyNot(ProblemName.Parse("h1-q8-d2-window2+0")));
        });
    }

    private static Regex BlockPattern(string language) => new($"```{language}\n(?<text>.*?)```", RegexOptions.Singleline);
}

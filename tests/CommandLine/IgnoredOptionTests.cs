using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>An option that would have no effect is refused, since whoever gives it expects one.</summary>
[RunsOnce]
public class IgnoredOptionTests
{
    private const string SomeKernel = "naive-triple-loop";

    [Theory]
    [InlineData("--device", "cpu")]
    [InlineData("--kernels", "naive-*")]
    [InlineData("--peers")]
    [InlineData("--json")]
    [InlineData("--markdown")]
    public async Task Masks_are_drawn_alone(params string[] option) =>
        Assert.Equal($"list --masks lists nothing else; omit {option[0]}.", await CommandRun.Refused(["list", "--masks", "causal", .. option]));

    [Fact]
    public async Task A_depth_is_of_the_list_of_cases_that_a_shape_replaces() =>
        Assert.Equal(
            "Give a --depth, or --shapes, --lengths and --masks, not both.",
            await CommandRun.Refused("verify", "--kernels", SomeKernel, "--depth", "full", "--shapes", "h1-q4-d8"));

    [Theory]
    [InlineData("run", "--shapes", "h1-q4-d8", "--kernels", SomeKernel)]
    [InlineData("compare", SomeKernel, "--shapes", "h1-q4-d8")]
    [InlineData("verify", "--kernels", SomeKernel)]
    [InlineData("list", "--kernels", SomeKernel)]
    public async Task Peers_are_refused_where_no_peer_was_chosen(params string[] command)
    {
        using var peer = new Peers.FakePeer();
        Assert.StartsWith("--peers: no kernel that was chosen is a peer; they are peer-", await CommandRun.Refused([.. command, "--peers", peer.Folder]));
    }

    [Theory]
    [InlineData("run", "--suite", "decode", "--kernels", SomeKernel)]
    [InlineData("compare", SomeKernel)]
    [InlineData("verify", "--kernels", SomeKernel)]
    [InlineData("list", "--kernels", SomeKernel)]
    [InlineData("apply", SomeKernel, "--q", "q.npy", "--k", "k.npy", "--v", "v.npy", "--out", "o.npy")]
    public async Task A_device_is_refused_where_no_kernel_has_one(params string[] command)
    {
        string device = Kernels.Gpu.OpenCL.OpenClDevice.Present is [{ Kind: { } kind }, ..] ? kind.ToString().ToLowerInvariant() : "";
        Assert.SkipWhen(device == "", "no OpenCL device");
        Assert.Equal($"--device {device}: no kernel that was chosen runs on a device.", await CommandRun.Refused([.. command, "--device", device]));
    }
}

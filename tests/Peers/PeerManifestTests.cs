using Kernels.Abstractions;
using Kernels.Peers;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Peers;

[RunsOnce]
public class PeerManifestTests
{
    private const string Right = """{"protocol":2,"name":"a","command":["b"],"install":"c","operators":[{"name":"d","idea":"e"}]}""";

    [Theory]
    [InlineData("", "peer.json")]
    [InlineData("null", "it is empty")]
    [InlineData("[]", "peer.json")]
    [InlineData("{\"name\":\"a\"}", "peer.json")]
    [InlineData("\"name\":\"a\"|\"name\":\"A b\"", "its name must be")]
    [InlineData("[\"b\"]|[]", "its command must be")]
    [InlineData("[\"b\"]|[\"\"]", "its command must be")]
    [InlineData("[\"b\"]|null", "its command must be")]
    [InlineData("\"install\":\"c\"|\"install\":\" \"", "it needs an install command")]
    [InlineData("[{\"name\":\"d\",\"idea\":\"e\"}]|[]", "it needs operators")]
    [InlineData("[{|[null,{", "it needs operators")]
    [InlineData("\"d\"|\"../d\"", "it needs operators")]
    [InlineData("\"e\"|\"e\",\"formats\":[]", "the formats of d must be")]
    [InlineData("\"e\"|\"e\",\"formats\":[\"float32\",\"float32\"]", "the formats of d must be")]
    [InlineData("\"e\"|\"e\",\"formats\":[\"int8\"]", "d takes inputs of 'int8', which is no format; they are float32, bfloat16 and float16")]
    [InlineData("\"install\"|\"needs\":\" \",\"install\"", "what it needs must be")]
    [InlineData("\"e\"|\"\"", "needs an idea")]
    [InlineData("[{|[{\"name\":\"d\",\"idea\":\"f\"},{", "two of its operators")]
    [InlineData("\"e\"|\"e\",\"operations\":[]", "the operations of d must be")]
    [InlineData("\"e\"|\"e\",\"operations\":null", "the operations of d must be")]
    [InlineData("\"e\"|\"e\",\"operations\":[\"softmax\",\"softmax\"]", "the operations of d must be")]
    [InlineData("\"e\"|\"e\",\"operations\":[\"hardmax\"]", "d computes 'hardmax', which is no operation; they are softmax, softmax-lse")]
    [InlineData("\"e\"|\"e\",\"takes\":[null]", "what d takes must be")]
    [InlineData("\"e\"|\"e\",\"takes\":[\"time\"]", "d takes 'time', which is neither positions nor valueDim")]
    public void What_is_wrong_is_said_in_a_line(string change, string reason)
    {
        using var folder = new TemporaryFolder();
        string text = change.Split('|') is [var old, var @new] ? Right.Replace(old, @new, StringComparison.Ordinal) : change;
        Assert.NotEqual(Right, text);
        File.WriteAllText(folder.File("peer.json"), text);

        string message = Assert.Throws<UserError>(() => PeerSet.Open(folder.File(""))).Message;

        Assert.Contains(reason, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("", "says no \"protocol\", which means version 1")]
    [InlineData("\"protocol\":1,", "says \"protocol\": 1")]
    [InlineData("\"protocol\":\"2\",", "says \"protocol\": \"2\"")]
    [InlineData("\"protocol\":3,\"operators\":{},", "says \"protocol\": 3")]
    public void One_of_another_version_is_refused_whatever_else_it_says(string protocol, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("peer.json"), Right.Replace("\"protocol\":2,", protocol, StringComparison.Ordinal));

        string message = Assert.Throws<UserError>(() => PeerSet.Open(folder.File(""))).Message;

        Assert.Equal($"{Path.Combine(folder.File(""), "peer.json")} {said}; this program speaks version 2, see docs/peers.md.", message);
    }

    [Fact]
    public void Each_operation_is_a_kernel_of_its_own()
    {
        using var folder = new TemporaryFolder();
        string[] operations = ["softmax", "softmax-lse", "softmax-step", "retention"];
        FakePeer.WriteManifest(folder.File(""), ["b"], "a", "d", operations);

        using PeerSet peers = PeerSet.Open(folder.File(""));

        Assert.Equal(["peer-a-d", "peer-a-d-lse", "peer-a-d-step", "peer-a-d-retention"], peers.Kernels.Select(kernel => kernel.Info.Name));
        Assert.Equal(operations, peers.Kernels.Select(kernel => kernel.Info.Operation.Name));
    }

    [Fact]
    public void Each_format_is_a_kernel_of_its_own_and_a_name_may_stand_twice()
    {
        using var folder = new TemporaryFolder();
        const string Twice =
            "\"e\",\"formats\":[\"float32\",\"bfloat16\",\"float16\"]},{\"name\":\"d\",\"idea\":\"e\",\"operations\":[\"softmax-lse\"]";
        File.WriteAllText(folder.File("peer.json"), Right.Replace("\"e\"", Twice, StringComparison.Ordinal));

        using PeerSet peers = PeerSet.Open(folder.File(""));

        Assert.Equal(["peer-a-d", "peer-a-d-bf16", "peer-a-d-f16", "peer-a-d-lse"], peers.Kernels.Select(kernel => kernel.Info.Name));
        Assert.Equal(
            [Format.Float32, Format.BFloat16, Format.Float16, Format.Float32], peers.Kernels.Select(kernel => kernel.Info.Format));
    }

    [Fact]
    public void A_file_that_is_needed_and_missing_makes_the_peer_absent()
    {
        using var folder = new TemporaryFolder();
        string text = Right.Replace("\"install\"", "\"needs\":\"out/b.dll\",\"install\"", StringComparison.Ordinal);
        File.WriteAllText(folder.File("peer.json"), text);

        using PeerSet peers = PeerSet.Open(folder.File(""));

        Assert.Equal("b.dll has not been built; to install it: c", Assert.Single(peers.Kernels).Unavailable);
    }

    [Fact]
    public void Peers_are_found_two_levels_below()
    {
        using var folder = new TemporaryFolder();
        foreach (string each in new[] { "", "b", "b/c", "b/c/d" })
        {
            Directory.CreateDirectory(folder.File(each));
            string text = Right.Replace("\"a\"", $"\"a{each.Length}\"", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.File(each), "peer.json"), text);
        }

        using PeerSet peers = PeerSet.Open(folder.File(""));

        Assert.Equal(["peer-a0-d", "peer-a1-d", "peer-a3-d"], peers.Kernels.Select(kernel => kernel.Info.Name));
    }

    [Fact]
    public void The_right_one_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("peer.json"), Right);

        using PeerSet peers = PeerSet.Open(folder.File(""));

        Assert.Equal("peer-a-d", Assert.Single(peers.Kernels).Info.Name);
    }

    [Fact]
    public void A_folder_without_peers_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("There is no peer in", Assert.Throws<UserError>(() => PeerSet.Open(folder.File(""))).Message);
        Assert.Contains("There is no folder", Assert.Throws<UserError>(() => PeerSet.Open(folder.File("absent"))).Message);
    }

    [Fact]
    public void Two_peers_of_one_name_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (string each in new[] { "first", "second" })
        {
            Directory.CreateDirectory(folder.File(each));
            File.WriteAllText(Path.Combine(folder.File(each), "peer.json"), Right);
        }

        Assert.Contains("are named peer-a-d", Assert.Throws<UserError>(() => PeerSet.Open(folder.File(""))).Message);
    }
}

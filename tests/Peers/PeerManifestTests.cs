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

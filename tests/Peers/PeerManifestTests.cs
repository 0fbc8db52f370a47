using Kernels.Bench.Commands;
using Kernels.Bench.PeerPrograms;
using Xunit;

namespace Kernels.Tests.Peers;

[RunsOnce]
public class PeerManifestTests
{
    private const string Right = """{"name":"a","command":["b"],"install":"c","operators":[{"name":"d","idea":"e"}]}""";

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

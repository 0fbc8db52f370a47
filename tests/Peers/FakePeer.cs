using System.Text.Json;
using Kernels.Peers;
using Xunit;

namespace Kernels.Tests.Peers;

/// <summary>
/// A peer of a few lines of shell that answers as the protocol asks, except where a test gives other lines for one request. Its output is
/// zeros, 16 bytes of them. Each start and each load leaves a line in a file.
/// </summary>
internal sealed class FakePeer : IDisposable
{
    public const string Name = "peer-fake-zeros";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kernels-tests-");
    private readonly PeerSet peers;

    public FakePeer(
        string hello = """echo '{"version":"fake 1.0"}'""", string supports = "echo '{}'", string load = "echo '{}'",
        string run = "zeros; answer", double patience = 20, string[]? operations = null, string[]? takes = null)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "The fake peers are shell scripts.");
        WriteManifest(folder.FullName, ["/bin/sh", "peer.sh"], operations: operations, takes: takes);
        File.WriteAllText(Path.Combine(folder.FullName, "peer.sh"), $$"""
            echo $$ >> starts
            field() { printf '%s' "$line" | sed "s/.*\"$1\":\"*\([^,\"}]*\).*/\1/"; }
            zeros() { head -c 16 /dev/zero > "$(field o)"; }
            answer() { printf '{"nanoseconds":[%s]}\n' "$(yes -- "${1:-100}" | head -n "$(field calls)" | paste -sd, -)"; }
            while read -r line; do
              case "$line" in
                *'"do":"hello"'*) {{hello}} ;;
                *'"do":"supports"'*) {{supports}} ;;
                *'"do":"load"'*) echo "$line" >> loads; {{load}} ;;
                *'"do":"run"'*) {{run}} ;;
              esac
            done
            """.ReplaceLineEndings("\n"));
        peers = PeerSet.Open(folder.FullName, TimeSpan.FromSeconds(patience));
    }

    public string Folder => folder.FullName;

    public PeerKernel Kernel => Assert.Single(peers.Kernels);

    /// <summary>Process identifiers, one a start.</summary>
    public string[] Starts => Lines("starts");

    /// <summary>The load requests.</summary>
    public string[] Loads => Lines("loads");

    public static void WriteManifest(
        string folder, string[] command, string name = "fake", string @operator = "zeros", string[]? operations = null, string[]? takes = null) =>
        File.WriteAllText(Path.Combine(folder, PeerManifest.FileName), JsonSerializer.Serialize(new
        {
            protocol = 2,
            name,
            command,
            install = "sudo make me a peer",
            operators = new[] { new { name = @operator, idea = "a peer for tests", operations = operations ?? ["softmax"], takes = takes ?? [] } },
        }));

    public void Dispose()
    {
        peers.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>Ends the processes, as the end of a command does.</summary>
    public void End() => peers.Dispose();

    private string[] Lines(string file) =>
        Path.Combine(Folder, file) is var path && File.Exists(path) ? File.ReadAllLines(path) : [];
}

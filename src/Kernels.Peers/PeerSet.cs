using Kernels.Results;

namespace Kernels.Peers;

/// <summary>The peers of a folder, one subfolder each; their processes end with this object.</summary>
public sealed class PeerSet : IDisposable
{
    // Some libraries take many seconds to be loaded for the first time.
    private static readonly TimeSpan usualPatience = TimeSpan.FromSeconds(60);

    // A program may serve several peers, each of which then has a folder in that of the program.
    private static readonly EnumerationOptions below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };

    private readonly List<PeerSession> sessions = [];

    private PeerSet()
    {
    }

    /// <summary>Every operation of every operator of every peer in each of its formats, whether it can run here or not.</summary>
    public IReadOnlyList<PeerKernel> Kernels { get; private set; } = [];

    /// <summary>Where the peers of a checkout are.</summary>
    public static string UsualFolder(string root) => Path.Combine(root, "bench", "peers");

    /// <summary>
    /// Reads the manifests in a folder and two levels below it, and starts nothing yet. No folder: no peers.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="patience">How long a peer may take to answer in addition to its computation.</param>
    /// <exception cref="UserError">There is no folder, no peer in it, or a manifest is wrong.</exception>
    public static PeerSet Open(string? folder, TimeSpan? patience = null)
    {
        var peers = new PeerSet();
        if (folder is null)
            return peers;
        if (!Directory.Exists(folder))
            throw new UserError($"There is no folder {folder} with peers.");
        string[] folders =
        [
            .. Directory.EnumerateFiles(folder, PeerManifest.FileName, below)
                .Select(path => Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal),
        ];
        if (folders.Length == 0)
            throw new UserError($"There is no peer in {folder}: a peer is a folder with a {PeerManifest.FileName}, see docs/peers.md.");
        foreach (string each in folders)
        {
            PeerManifest manifest = PeerManifest.Read(each);
            peers.sessions.AddRange(
                from @operator in manifest.Operators
                from computed in @operator.Computes()
                select new PeerSession(
                    manifest, @operator, computed.Operation, computed.Format, Path.GetFullPath(each), patience ?? usualPatience));
        }
        peers.Kernels = [.. peers.sessions.Select(session => new PeerKernel(session))];
        if (peers.Kernels.GroupBy(kernel => kernel.Info.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UserError($"Two peers in {folder} are named {twice.Key}.");
        return peers;
    }

    /// <summary>Ends every process.</summary>
    public void Dispose()
    {
        foreach (PeerSession session in sessions)
            session.Dispose();
    }
}

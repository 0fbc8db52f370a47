using System.Text.Json;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>The version of the protocol between this program and peers; docs/peers.md describes it.</summary>
internal static class PeerProtocol
{
    /// <summary>What this program speaks.</summary>
    public const int Version = 2;

    /// <summary>
    /// Refuses a manifest of another version before anything else of it is read: what it means, only its own version says.
    /// </summary>
    /// <param name="path">Its file, for the message.</param>
    /// <param name="manifest">Its contents.</param>
    /// <exception cref="UserError">It is of another version.</exception>
    public static void Require(string path, JsonElement manifest)
    {
        // Whatever is no object fails where it is read.
        if (manifest.ValueKind != JsonValueKind.Object)
            return;
        bool says = manifest.TryGetProperty("protocol", out JsonElement said);
        if (says && said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out int version) && version == Version)
            return;
        string what = says ? $"says \"protocol\": {OneLine.Quote(said.GetRawText())}" : "says no \"protocol\", which means version 1";
        throw new UserError(OneLine.Clean($"{path} {what}; this program speaks version {Version}, see docs/peers.md."));
    }
}

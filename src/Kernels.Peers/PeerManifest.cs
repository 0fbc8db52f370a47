using System.Text.Json;
using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>
/// <c>peer.json</c>: what is known of a peer before its program runs, so that one that is absent can be listed. See docs/peers.md.
/// </summary>
public sealed partial record PeerManifest
{
    /// <summary>Its file name.</summary>
    public const string FileName = "peer.json";

    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web);

    /// <summary>First part of the names of its operators: <c>peer-NAME-OPERATOR</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments, started in the folder of the manifest.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>A file that installing it makes, by its path from here: without it the peer is absent. Null when there is none.</summary>
    public string? Needs { get; init; }

    /// <summary>The command that installs what it needs, for people to copy.</summary>
    public required string Install { get; init; }

    /// <summary>What it can compute; each is a row of the report.</summary>
    public required IReadOnlyList<PeerOperator> Operators { get; init; }

    /// <summary>Reads the manifest of a folder.</summary>
    /// <exception cref="UserError">It is of another version, cannot be read or lacks something; the message says what.</exception>
    public static PeerManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            using FileStream stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true });
            PeerProtocol.Require(path, json.RootElement);
            PeerManifest manifest = json.Deserialize<PeerManifest>(options) ?? throw new JsonException("it is empty");
            return manifest.Flaw() is { } flaw ? throw new JsonException(flaw) : manifest;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new UserError(OneLine.Clean($"{path}: {error.Message}"));
        }
    }

    private string? Flaw()
    {
        if (Name is null || !NamePattern().IsMatch(Name))
            return "its name must be small letters, digits and single hyphens, such as onnxruntime";
        if (Command is not [_, ..] || Command.Any(string.IsNullOrEmpty))
            return "its command must be a list of words, the program first";
        if (Needs is not null && string.IsNullOrWhiteSpace(Needs))
            return "what it needs must be the path of a file";
        if (string.IsNullOrWhiteSpace(Install))
            return "it needs an install command";
        if (Operators is not [_, ..] || Operators.Any(each => each?.Name is null || !NamePattern().IsMatch(each.Name)))
            return "it needs operators, each with a name of small letters, digits and single hyphens";
        if (Operators.Any(each => string.IsNullOrWhiteSpace(each.Idea)))
            return "each operator needs an idea in one line";
        if (Operators.Select(each => each.Flaw()).FirstOrDefault(flaw => flaw is not null) is { } flawed)
            return flawed;
        (string, AttentionOperation, Format)[] rows =
            [.. Operators.SelectMany(each => each.Computes().Select(computed => (each.Name, computed.Operation, computed.Format)))];
        return rows.Distinct().Count() == rows.Length ? null : "two of its operators have one name, operation and format";
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

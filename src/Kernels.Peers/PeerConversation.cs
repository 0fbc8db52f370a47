using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>
/// Requests and answers. The process starts when something is first asked of it, and again after it broke; when it breaks again and
/// again, it is given up.
/// </summary>
internal sealed class PeerConversation : IDisposable
{
    // After so many failures with no run between them, everything else is taken to fail too: each may cost the whole patience.
    private const int MostFailures = 3;

    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly PeerManifest manifest;
    private readonly string operatorName, folder;
    private readonly TimeSpan patience;
    private readonly Lock oneAtATime = new();
    private PeerProcess? process;
    private string? absent, version, broken;
    private int failures;
    private bool introduced;

    public PeerConversation(PeerManifest manifest, string operatorName, string folder, TimeSpan patience)
    {
        this.manifest = manifest;
        this.operatorName = operatorName;
        this.folder = folder;
        this.patience = patience;
    }

    /// <summary>Why the peer is not there; null when it is.</summary>
    public string? Absent => Introduced(() => absent);

    /// <summary>Library and version, as the peer says them; null when it is absent or broken.</summary>
    public string? Version => Introduced(() => version);

    /// <summary>Why nothing more is asked of a peer that is there but failed again and again.</summary>
    public string? Broken => Introduced(() => broken);

    /// <summary>One request and its answer.</summary>
    /// <exception cref="PeerException">The peer broke, or its answer is an error.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; the process has ended.</exception>
    public PeerAnswer Ask(PeerRequest request, TimeSpan longest, CancellationToken stop)
    {
        lock (oneAtATime)
        {
            if (Broken is { } reason)
                throw new PeerException(reason);
            PeerAnswer answer;
            try
            {
                process ??= Start() ?? throw new PeerException($"is gone: {absent}");
                answer = Parse(process.Ask(Text(request), longest, stop));
            }
            catch (PeerException failure)
            {
                Dispose();
                if (++failures == MostFailures)
                    broken = $"failed {MostFailures} times in a row, at last: {failure.Message}";
                throw;
            }
            catch (OperationCanceledException)
            {
                Dispose();
                throw;
            }
            return answer.Error is { } error ? throw new PeerException(OneLine.Clean(error)) : answer;
        }
    }

    /// <summary>Something was computed: earlier failures count no longer.</summary>
    public void Forgive() => failures = 0;

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        lock (oneAtATime)
        {
            process?.Dispose();
            process = null;
        }
    }

    private string? Introduced(Func<string?> known)
    {
        lock (oneAtATime)
        {
            if (!introduced)
            {
                introduced = true;
                try
                {
                    process = Start();
                }
                catch (PeerException failure)
                {
                    broken = $"does not start: {failure.Message}";
                }
            }
            return known();
        }
    }

    /// <summary>Starts the process and says hello; null when the peer is absent.</summary>
    private PeerProcess? Start()
    {
        if (manifest.Needs is { } file && !File.Exists(Path.GetFullPath(file, folder)))
        {
            absent = $"{OneLine.Clean(Path.GetFileName(file))} has not been built";
            return null;
        }
        PeerProcess started;
        try
        {
            started = PeerProcess.Start(manifest.Command, folder);
        }
        catch (Win32Exception error)
        {
            absent = $"{manifest.Command[0]} cannot be started ({OneLine.Clean(error.Message)})";
            return null;
        }
        try
        {
            Greet(started);
        }
        catch (PeerException)
        {
            started.Dispose();
            throw;
        }
        if (absent is null)
            return started;
        started.Dispose();
        return null;
    }

    private void Greet(PeerProcess started)
    {
        string hello = Text(new("hello") { Protocol = PeerProtocol.Version, Operator = operatorName });
        PeerAnswer answer = Parse(started.Ask(hello, patience, CancellationToken.None));
        if (answer.Error is { } error)
            throw new PeerException(OneLine.Clean(error));
        absent = answer.Missing is { } missing ? OneLine.Clean(missing) : null;
        version = answer.Version is { } said ? OneLine.Clean(said) : null;
        if (absent is null && version is null)
            throw new PeerException("said hello without a version");
    }

    private static string Text(PeerRequest request) => JsonSerializer.Serialize(request, options);

    /// <summary>Reads one line of a peer.</summary>
    /// <exception cref="PeerException">It is no answer.</exception>
    internal static PeerAnswer Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<PeerAnswer>(line, options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new PeerException($"answered '{OneLine.Quote(line)}', which is not an answer in JSON");
        }
    }
}

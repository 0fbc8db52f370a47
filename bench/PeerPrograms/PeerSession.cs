using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Validation;

namespace Kernels.Bench.PeerPrograms;

/// <summary>
/// The conversation with one operator of a peer. Its process starts when something is first asked of it, and again after a crash; each
/// operator has a process of its own, so that what one of them keeps or spoils does not reach the others.
/// </summary>
internal sealed class PeerSession : IDisposable
{
    private const int Protocol = 1;

    // After so many failures with no run between them, everything else is taken to fail too: each may cost the whole patience.
    private const int MostFailures = 3;

    // What a peer may take for a call in addition to its own start: slower than plain loops in an interpreter, and it hangs.
    private const double SlowestFlopsPerSecond = 1e7;

    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly PeerManifest manifest;
    private readonly string folder;
    private readonly TimeSpan patience;
    private readonly Lock oneAtATime = new();
    private readonly Dictionary<AttentionProblem, string?> refusals = [];
    private PeerProcess? process;
    private PeerFiles? files;
    private (AttentionInputs? Inputs, int Threads) loaded;
    private string? absent, version, broken;
    private int failures;
    private bool introduced;

    public PeerSession(PeerManifest manifest, PeerOperator @operator, string folder, TimeSpan patience)
    {
        this.manifest = manifest;
        Operator = @operator;
        this.folder = folder;
        this.patience = patience;
    }

    /// <summary>What the conversation is about.</summary>
    public PeerOperator Operator { get; }

    /// <summary>Name of the peer.</summary>
    public string Peer => manifest.Name;

    /// <summary>Why the peer is not there, with the command that installs it; null when it is.</summary>
    public string? Absent
    {
        get
        {
            Introduce();
            return absent is null ? null : $"{absent}; to install it: {manifest.Install}";
        }
    }

    /// <summary>Library and version, as the peer says them; null when it is absent or broken.</summary>
    public string? Version
    {
        get
        {
            Introduce();
            return version;
        }
    }

    /// <summary>Why nothing more is asked of a peer that is there but failed again and again.</summary>
    public string? Broken
    {
        get
        {
            Introduce();
            return broken;
        }
    }

    /// <summary>Why the operator does not take a problem; null when it does, and when the peer cannot say: then computing fails too.</summary>
    public string? Refusal(AttentionProblem problem)
    {
        lock (oneAtATime)
        {
            if (refusals.TryGetValue(problem, out string? known))
                return known;
            try
            {
                PeerAnswer answer = Ask(new("supports") { Problem = PeerProblem.Of(problem) }, patience, CancellationToken.None);
                return refusals[problem] = answer.Refusal is { } refusal ? OneLine.Clean(refusal) : null;
            }
            catch (PeerException)
            {
                return null;
            }
        }
    }

    /// <summary>One call on tensors that the peer has not seen before.</summary>
    public void Compute(AttentionProblem problem, in AttentionTensors tensors, int threads)
    {
        lock (oneAtATime)
        {
            Load(problem, tensors.AllQ, tensors.AllK, tensors.AllV, threads, CancellationToken.None);
            Run(problem, 1, tensors.AllOutput, CancellationToken.None);
        }
    }

    /// <summary>Nanoseconds of each of some calls; inputs that were loaded last are not loaded again.</summary>
    public double[] Time(AttentionInputs inputs, int threads, int calls, Span<float> output, CancellationToken stop)
    {
        lock (oneAtATime)
        {
            if (loaded != (inputs, threads))
            {
                Load(inputs.Problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, threads, stop);
                loaded = (inputs, threads);
            }
            return Run(inputs.Problem, calls, output, stop);
        }
    }

    /// <summary>Ends the process and removes its files.</summary>
    public void Dispose()
    {
        lock (oneAtATime)
        {
            Drop();
            files?.Dispose();
            files = null;
        }
    }

    private void Load(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int threads, CancellationToken stop)
    {
        loaded = default;
        files ??= new PeerFiles();
        Ask(
            new("load")
            {
                Problem = PeerProblem.Of(problem), Threads = threads, Q = files.Write("q", q), K = files.Write("k", k), V = files.Write("v", v),
            },
            Patience(problem, calls: 1), stop);
    }

    private double[] Run(AttentionProblem problem, int calls, Span<float> output, CancellationToken stop)
    {
        files!.Forget();
        long begin = Stopwatch.GetTimestamp();
        PeerAnswer answer = Ask(new("run") { Calls = calls, Output = output.IsEmpty ? null : files.Output }, Patience(problem, calls), stop);
        double elapsed = Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        double[] times = answer.Nanoseconds ?? throw new PeerException("answered a run without nanoseconds");
        if (times.Length != calls)
            throw new PeerException($"gave the times of {times.Length:N0} calls instead of {calls:N0}");
        if (!times.All(time => time > 0) || times.Sum() > elapsed)
            throw new PeerException($"gave times that cannot be: {calls:N0} calls of {times.Min():g3} … {times.Max():g3} ns in {elapsed:g3} ns");
        if (!output.IsEmpty)
            files.Read(output);
        failures = 0;
        return times;
    }

    private TimeSpan Patience(AttentionProblem problem, int calls) =>
        patience + TimeSpan.FromSeconds(Math.Min(1e6, calls * problem.DenseFlops / SlowestFlopsPerSecond));

    private void Introduce()
    {
        lock (oneAtATime)
        {
            if (introduced)
                return;
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
    }

    /// <summary>Starts the process and says hello; null when the peer is absent.</summary>
    private PeerProcess? Start()
    {
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
            PeerAnswer answer = Parse(started.Ask(
                Text(new("hello") { Protocol = Protocol, Operator = Operator.Name }), patience, CancellationToken.None));
            absent = answer.Missing is { } missing ? OneLine.Clean(missing) : null;
            version = answer.Version is { } said ? OneLine.Clean(said) : null;
            if (answer.Error is { } error)
                throw new PeerException(OneLine.Clean(error));
            if (absent is null && version is null)
                throw new PeerException("said hello without a version");
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

    private PeerAnswer Ask(PeerRequest request, TimeSpan longest, CancellationToken stop)
    {
        Introduce();
        if (broken is not null)
            throw new PeerException(broken);
        PeerAnswer answer;
        try
        {
            process ??= Start() ?? throw new PeerException($"is gone: {absent}");
            answer = Parse(process.Ask(Text(request), longest, stop));
        }
        catch (PeerException failure)
        {
            Drop();
            if (++failures == MostFailures)
                broken = $"failed {MostFailures} times in a row, at last: {failure.Message}";
            throw;
        }
        catch (OperationCanceledException)
        {
            Drop();
            throw;
        }
        return answer.Error is { } error ? throw new PeerException(OneLine.Clean(error)) : answer;
    }

    private void Drop()
    {
        process?.Dispose();
        process = null;
        loaded = default;
    }

    private static string Text(PeerRequest request) => JsonSerializer.Serialize(request, options);

    private static PeerAnswer Parse(string line)
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

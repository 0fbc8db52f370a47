using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Bench.Display;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.Measurement;
using Xunit;

namespace Kernels.Tests.Peers;

[Collection(nameof(Alone))]
[RunsOnce]
public sealed class PeerMeasurementTests : IDisposable
{
    private static readonly AttentionProblem problem = new(1, 1, 1, 2, 3, 2);

    private readonly TemporaryFolder folder = new();
    private readonly BenchmarkEngine engine;

    public PeerMeasurementTests() => engine = new BenchmarkEngine(folder.File("benchmark.log"));

    public void Dispose()
    {
        engine.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_wrong_output_gets_no_time()
    {
        using var peer = new FakePeer();

        CaseResult result = Measure(peer);

        Assert.Equal(CaseStatus.Wrong, result.Status);
        Assert.StartsWith("what was timed is wrong", result.Reason);
        Assert.Null(result.Timing);
    }

    [Fact]
    public void A_crash_is_a_failure_with_its_reason()
    {
        using var peer = new FakePeer(run: "echo out of luck >&2; exit 5");

        CaseResult result = Measure(peer);

        Assert.Equal((CaseStatus.Failed, "PeerException: ended with exit code 5: out of luck"), (result.Status, result.Reason));
    }

    [Fact]
    public void A_hang_ends_with_the_time_of_the_case()
    {
        using var peer = new FakePeer(run: "case \"$line\" in *'\"calls\":1,'*|*'\"calls\":1}'*) zeros; answer;; *) sleep 60;; esac");

        CaseResult result = Measure(peer, limit: 1);

        Assert.Equal((CaseStatus.Timeout, "ended at the time limit of the case"), (result.Status, result.Reason));
    }

    [Fact]
    public void An_absent_peer_is_a_row_with_its_reason()
    {
        using var peer = new FakePeer(hello: """echo '{"missing":"not here"}'""");

        CaseResult result = Measure(peer);

        Assert.Equal((CaseStatus.Unsupported, "not here; to install it: sudo make me a peer"), (result.Status, result.Reason));
    }

    [Fact]
    public void A_peer_that_is_given_up_has_failed_not_been_judged()
    {
        using var peer = new FakePeer(run: "exit 6");
        RunRequest request = Samples.Of(peer.Kernel);
        RunHeader header = Samples.Header(request);
        header = header with { Results = header.Results with { Validator = new ValidatorScore(0, 0, []), WrongTimings = new ValidatorScore(0, 0, []) } };

        RunResults results = new MeasurementRun(
            RunStore.Create(folder.File("run"), header), request, new PlainProgress(TextWriter.Null), References.Suite, ThisProgram.Disassembly)
            .Execute(CancellationToken.None);

        Assert.NotEmpty(results.Cases);
        Assert.All(results.Cases, result =>
        {
            Assert.Equal(CaseStatus.Failed, result.Status);
            Assert.Equal("peer-fake-zeros failed 3 times in a row, at last: ended with exit code 6", result.Reason);
        });
        Assert.Equal(3, peer.Starts.Length);
    }

    [Fact]
    public void Variables_of_libraries_do_not_reach_a_peer()
    {
        Environment.SetEnvironmentVariable("GGML_TEST", "fast");
        Environment.SetEnvironmentVariable("KERNELS_TEST", "here");
        using var peer = new FakePeer(hello: """echo "{\"version\":\"fake '$GGML_TEST' '$KERNELS_TEST'\"}" """);

        Assert.Equal("fake '' 'here'", peer.Kernel.Backend.Version);
    }

    [Fact]
    public void The_most_threads_that_a_peer_kept_busy_are_known()
    {
        using var peer = new FakePeer(run: """zeros; answer | sed "s/}/,\"threadsBusy\":1.25}/" """);
        Assert.Empty(peer.Kernel.Backend.ThreadsBusy);

        Measure(peer);

        Assert.Equal(1.25, peer.Kernel.Backend.ThreadsBusy[2]);
    }

    [Fact]
    public void Threads_that_cannot_be_are_a_failure()
    {
        using var peer = new FakePeer(run: """zeros; answer | sed "s/}/,\"threadsBusy\":-1}/" """);

        Assert.Contains("kept -1 threads busy", Measure(peer).Reason);
    }

    private CaseResult Measure(FakePeer peer, double limit = 60)
    {
        using var measurement = new CaseMeasurement(
            engine, new CaseLimits(TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(limit), budget: null), References.Suite);
        return measurement.Measure(new PlannedCase(peer.Kernel, "test", problem, 2), CancellationToken.None);
    }
}

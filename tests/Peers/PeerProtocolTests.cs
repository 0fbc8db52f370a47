using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Validation;
using Xunit;

namespace Kernels.Tests.Peers;

[RunsOnce]
public sealed class PeerProtocolTests : IDisposable
{
    private static readonly AttentionProblem problem = new(1, 1, 1, 2, 3, 2);

    private const string Hang = "sleep 9";

    private readonly AttentionInputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
    private readonly float[] output = new float[problem.QueryLength];

    public void Dispose() => inputs.Dispose();

    [Fact]
    public void A_peer_times_its_calls_and_writes_its_output()
    {
        using var peer = new FakePeer();
        Array.Fill(output, 7);

        Assert.Equal(("peer-fake-zeros", "peer", "fake 1.0"), (peer.Kernel.Info.Name, peer.Kernel.Info.Family, peer.Kernel.Version));
        Assert.Null(peer.Kernel.WhyNot(problem));
        Assert.Equal([100, 100, 100], peer.Kernel.Time(inputs, 3, output));
        Assert.All(output, number => Assert.Equal(0, number));
    }

    [Fact]
    public void Inputs_are_loaded_once_for_calls_that_follow_each_other()
    {
        using var peer = new FakePeer();
        using AttentionInputs others = AttentionInputs.Create(problem, InputFamily.Normal, seed: 2);

        peer.Kernel.Time(inputs, 1, []);
        peer.Kernel.Time(inputs, 2, output);
        Assert.Single(peer.Loads);
        peer.Kernel.Time(others, 1, []);
        Assert.Equal(2, peer.Loads.Length);
        peer.Kernel.OnThreads(2).Time(others, 1, []);
        Assert.Equal(3, peer.Loads.Length);
        Assert.Contains("\"threads\":2", peer.Loads[2]);
        peer.Kernel.Forward(problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output, []);
        peer.Kernel.OnThreads(2).Time(others, 1, []);
        Assert.Equal(5, peer.Loads.Length);
        Assert.Single(peer.Starts);
    }

    [Fact]
    public void A_peer_that_is_not_there_says_how_to_install_it()
    {
        using var missing = new FakePeer(hello: """echo '{"missing":"the library is not here"}'""");

        Assert.Equal("the library is not here; to install it: sudo make me a peer", missing.Kernel.Unavailable);
        Assert.Equal(missing.Kernel.Unavailable, missing.Kernel.WhyNot(problem));
        Assert.Null(missing.Kernel.Failure);
        Assert.Single(missing.Starts);
    }

    [Fact]
    public void A_refusal_is_asked_for_once_and_told_in_the_peers_words()
    {
        using var peer = new FakePeer(supports: """echo x >> loads; echo '{"refusal":"only on Sundays"}'""");

        Assert.Equal("only on Sundays", peer.Kernel.WhyNot(problem));
        Assert.Equal("only on Sundays", peer.Kernel.WhyNot(problem));
        Assert.Single(peer.Loads);
    }

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("echo no luck >&2; exit 3", "ended with exit code 3: no luck")]
    [InlineData("kill -9 $$", "was ended by signal 9")]
    [InlineData("exec >&-; sleep 9", "closed its output")]
    [InlineData("echo Segmentation fault", "answered 'Segmentation fault', which is not an answer in JSON")]
    [InlineData("echo null", "answered 'null', which is not an answer in JSON")]
    [InlineData("printf '{}\\n{}\\n'", "answered more than one line, first '{}'")]
    [InlineData("yes | tr -d '\\n'", "bytes without an end of line")]
    [InlineData(Hang, "gave no answer within 0.6 s")]
    public void Whatever_breaks_a_conversation_is_told_and_the_peer_starts_again(string run, string reason)
    {
        using var peer = new FakePeer(run: $"if [ ! -e broken ]; then touch broken; {run}; else zeros; answer; fi", patience: run == Hang ? 0.6 : 20);

        Assert.Contains(reason, Assert.Throws<PeerException>(() => peer.Kernel.Time(inputs, 1, output)).Message);
        Assert.Equal([100], peer.Kernel.Time(inputs, 1, output));
        Assert.Equal((2, 2), (peer.Starts.Length, peer.Loads.Length));
        Assert.Null(peer.Kernel.Failure);
    }

    [Theory]
    [InlineData("""echo '{"error":"out of luck"}'""", "out of luck")]
    [InlineData("echo '{}'", "without nanoseconds")]
    [InlineData("zeros; echo '{\"nanoseconds\":[1]}'", "the times of 1 calls instead of 2")]
    [InlineData("zeros; answer 0", "times that cannot be")]
    [InlineData("zeros; answer -5", "times that cannot be")]
    [InlineData("zeros; answer 1e15", "times that cannot be")]
    [InlineData("answer", "wrote no output")]
    [InlineData("printf 12345 > \"$(field output)\"; answer", "wrote 5 bytes of output instead of 16")]
    public void A_wrong_answer_fails_one_call_and_the_peer_goes_on(string run, string reason)
    {
        using var peer = new FakePeer(run: $"if [ ! -e wrong ]; then touch wrong; {run}; else zeros; answer; fi");

        Assert.Contains(reason, Assert.Throws<PeerException>(() => peer.Kernel.Time(inputs, 2, output)).Message);
        Assert.Equal([100, 100], peer.Kernel.Time(inputs, 2, output));
        Assert.Single(peer.Starts);
    }

    [Theory]
    [InlineData("echo Welcome", "does not start: answered 'Welcome'")]
    [InlineData("exit 1", "does not start: ended with exit code 1")]
    [InlineData("sleep 9", "does not start: gave no answer within 0.5 s")]
    [InlineData("echo '{}'", "does not start: said hello without a version")]
    public void A_peer_that_is_there_but_does_not_start_has_failed(string hello, string reason)
    {
        using var peer = new FakePeer(hello, patience: 0.5);

        Assert.Null(peer.Kernel.WhyNot(problem));
        Assert.StartsWith($"peer-fake-zeros {reason}", peer.Kernel.Failure);
        Assert.Contains(reason, Assert.Throws<PeerException>(() => peer.Kernel.Time(inputs, 1, output)).Message);
        Assert.Single(peer.Starts);
    }

    [Fact]
    public void A_peer_that_fails_again_and_again_is_given_up()
    {
        using var peer = new FakePeer(run: "exit 4");

        for (int time = 0; time < 5; time++)
            Assert.Throws<PeerException>(() => peer.Kernel.Time(inputs, 1, output));
        Assert.Equal("peer-fake-zeros failed 3 times in a row, at last: ended with exit code 4", peer.Kernel.Failure);
        Assert.Equal(3, peer.Starts.Length);
    }

    [Fact]
    public void A_stop_ends_a_call_and_its_process()
    {
        using var peer = new FakePeer(run: "sleep 60");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        var clock = Stopwatch.StartNew();

        Assert.ThrowsAny<OperationCanceledException>(() => peer.Kernel.Time(inputs, 1, output, stop.Token));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        RequireEnded(peer.Starts[0]);
        Assert.Null(peer.Kernel.Failure);
    }

    [Fact]
    public void The_end_of_a_command_ends_the_process_and_removes_the_tensors()
    {
        using var peer = new FakePeer();
        peer.Kernel.Time(inputs, 1, output);
        string tensors = Path.GetDirectoryName(peer.Loads[0].Split("\"q\":\"")[1].Split('"')[0])!;
        Assert.True(Directory.Exists(tensors));

        peer.End();

        RequireEnded(peer.Starts[0]);
        Assert.False(Directory.Exists(tensors));
    }

    private static void RequireEnded(string process) =>
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(process)));
}

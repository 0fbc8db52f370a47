using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Peers;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Peers;

[RunsOnce]
public sealed class PeerProtocolTests : IDisposable
{
    private static readonly AttentionProblem problem = new(1, 1, 1, 2, 3, 2);

    private const string Hang = "sleep 9";

    private readonly Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);

    public void Dispose() => inputs.Dispose();

    [Fact]
    public void A_peer_times_its_calls_and_writes_its_output()
    {
        using var peer = new FakePeer();
        using CallBuffers buffers = Prepare(peer);
        buffers.Buffers[AttentionOperation.O]!.Floats.Fill(7);

        Assert.Equal(("peer-fake-zeros", "peer", "fake 1.0"), (peer.Kernel.Info.Name, peer.Kernel.Info.Family, peer.Kernel.Backend.Version));
        Assert.Null(peer.Kernel.WhyNot(problem));
        Assert.Equal([100, 100, 100], buffers.Call.Nanoseconds(3));
        Assert.All(buffers.Read(AttentionOperation.O), number => Assert.Equal(0, number));
    }

    [Fact]
    public void A_call_without_an_executor_for_backends_is_computed_too()
    {
        using var peer = new FakePeer();
        using var buffers = new CallBuffers(peer.Kernel, inputs, SerialExecutor.Instance);
        buffers.Buffers[AttentionOperation.O]!.Floats.Fill(7);

        buffers.Call.Run();

        Assert.All(buffers.Read(AttentionOperation.O), number => Assert.Equal(0, number));
    }

    [Fact]
    public void Inputs_are_loaded_once_for_calls_that_follow_each_other()
    {
        using var peer = new FakePeer();
        using Inputs others = AttentionInputs.Create(problem, InputFamily.Normal, seed: 2);
        var executor = new ThreadsToSet();
        using CallBuffers first = new(peer.Kernel, inputs, executor), second = new(peer.Kernel, others, executor);

        first.Call.Nanoseconds(1);
        first.Call.Nanoseconds(2);
        Assert.Single(peer.Loads);
        second.Call.Nanoseconds(1);
        Assert.Equal(2, peer.Loads.Length);
        executor.Threads = 2;
        second.Call.Nanoseconds(1);
        Assert.Equal(3, peer.Loads.Length);
        Assert.Contains("\"threads\":2", peer.Loads[2]);
        second.Call.Run();
        second.Call.Nanoseconds(1);
        Assert.Equal(5, peer.Loads.Length);
        Assert.Single(peer.Starts);
    }

    [Fact]
    public void What_accumulates_is_loaded_anew_each_time()
    {
        using var peer = new FakePeer(run: "zeros; head -c 8 /dev/zero > \"$(field lse)\"; answer", operations: ["softmax-step"]);
        using var step = new Inputs(problem, Operations.SoftmaxStep.Operands(problem, Format.Float32));
        using CallBuffers buffers = Prepare(peer, step);

        buffers.Call.Nanoseconds(1);
        buffers.Call.Nanoseconds(1);

        Assert.Equal(2, peer.Loads.Length);
        Assert.Contains("\"o\":{\"role\":\"accumulated\",\"element\":\"float32\",\"shape\":[1,1,2,2],\"file\":\"", peer.Loads[1]);
    }

    [Fact]
    public void A_problem_and_its_operands_are_told_in_full()
    {
        using var peer = new FakePeer();
        using CallBuffers buffers = Prepare(peer);

        buffers.Call.Run();

        string load = Assert.Single(peer.Loads);
        Assert.Contains("\"operation\":\"softmax\"", load);
        Assert.Contains("\"queries\":2,\"keys\":3,\"headDim\":2,\"valueDim\":2,\"queryStart\":1,\"keyStart\":0,", load);
        Assert.Contains("\"q\":{\"role\":\"input\",\"element\":\"float32\",\"shape\":[1,1,2,2],\"file\":\"", load);
        Assert.Contains("\"o\":{\"role\":\"output\",\"element\":\"float32\",\"shape\":[1,1,2,2]}", load);
    }

    [Fact]
    public void Two_outputs_come_back_by_name()
    {
        using var peer = new FakePeer(
            run: """zeros; printf '\000\000\200\077\000\000\000\100' > "$(field lse)"; answer""", operations: ["softmax-lse"]);
        using CallBuffers buffers = Prepare(peer);

        buffers.Call.Run();

        Assert.Equal("peer-fake-zeros-lse", peer.Kernel.Info.Name);
        Assert.Equal<Operation>(Operations.SoftmaxLse, peer.Kernel.Info.Operation);
        Assert.Contains("\"operation\":\"softmax-lse\"", peer.Loads[0]);
        Assert.Contains("\"lse\":{\"role\":\"output\",\"element\":\"float32\",\"shape\":[1,1,2,1]}", peer.Loads[0]);
        Assert.Equal([0, 0, 0, 0], buffers.Read(AttentionOperation.O));
        Assert.Equal([1, 2], buffers.Read(AttentionOperation.Lse));
    }

    [Fact]
    public void A_missing_output_is_named()
    {
        using var peer = new FakePeer(operations: ["softmax-lse"]);
        using CallBuffers buffers = Prepare(peer);

        Assert.Equal("wrote no output lse", Assert.Throws<PeerException>(() => buffers.Call.Run()).Message);
    }

    [Theory]
    [InlineData("h1-q2-k3-d2v3", "valueDim", "takes values as wide as keys")]
    [InlineData("h1-q2@0-k3-d2-causal", "positions", "takes usual positions alone")]
    [InlineData("h1-q2@2-k3@1-d2-causal", "positions", "takes usual positions alone")]
    public void Only_who_says_that_he_reads_a_field_is_asked(string unusual, string field, string reason)
    {
        const string Supports = "echo x >> loads; echo '{}'";
        using FakePeer unaware = new(supports: Supports), aware = new(supports: Supports, takes: [field]);
        AttentionProblem asked = ProblemName.Parse(unusual);

        Assert.StartsWith(reason, unaware.Kernel.WhyNot(asked));
        Assert.Empty(unaware.Loads);
        Assert.Null(aware.Kernel.WhyNot(asked));
        Assert.Single(aware.Loads);
    }

    [Fact]
    public void Only_the_head_major_order_is_taken()
    {
        using var peer = new FakePeer(takes: ["positions", "valueDim"]);

        Assert.Contains("head-major", peer.Kernel.WhyNot(ProblemName.Parse("h2-q2-d2-bshd")));
    }

    [Fact]
    public void A_peer_that_is_not_there_says_how_to_install_it()
    {
        using var missing = new FakePeer(hello: """echo '{"missing":"the library is not here"}'""");

        Assert.Equal("the library is not here; to install it: sudo make me a peer", missing.Kernel.Unavailable);
        Assert.Equal(missing.Kernel.Unavailable, missing.Kernel.WhyNot(problem));
        Assert.Null(missing.Kernel.Backend.Failure);
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
        using CallBuffers buffers = Prepare(peer);

        Assert.Contains(reason, Assert.Throws<PeerException>(() => buffers.Call.Nanoseconds(1)).Message);
        Assert.Equal([100], buffers.Call.Nanoseconds(1));
        Assert.Equal((2, 2), (peer.Starts.Length, peer.Loads.Length));
        Assert.Null(peer.Kernel.Backend.Failure);
    }

    [Theory]
    [InlineData("""echo '{"error":"out of luck"}'""", "out of luck")]
    [InlineData("echo '{}'", "without nanoseconds")]
    [InlineData("zeros; echo '{\"nanoseconds\":[1]}'", "the times of 1 calls instead of 2")]
    [InlineData("zeros; answer 0", "times that cannot be")]
    [InlineData("zeros; answer -5", "times that cannot be")]
    [InlineData("zeros; answer 1", "times that cannot be")]
    [InlineData("zeros; answer 5e-324", "times that cannot be")]
    [InlineData("zeros; answer 1e15", "times that cannot be")]
    [InlineData("answer", "wrote no output")]
    [InlineData("printf 12345 > \"$(field o)\"; answer", "wrote 5 bytes of output instead of 16")]
    public void A_wrong_answer_fails_one_call_and_the_peer_goes_on(string run, string reason)
    {
        using var peer = new FakePeer(run: $"if [ ! -e wrong ]; then touch wrong; {run}; else zeros; answer; fi");
        using CallBuffers buffers = Prepare(peer);

        Assert.Contains(reason, Assert.Throws<PeerException>(() => buffers.Call.Nanoseconds(2)).Message);
        Assert.Equal([100, 100], buffers.Call.Nanoseconds(2));
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
        using CallBuffers buffers = Prepare(peer);

        Assert.Null(peer.Kernel.WhyNot(problem));
        Assert.StartsWith($"peer-fake-zeros {reason}", peer.Kernel.Backend.Failure);
        Assert.Contains(reason, Assert.Throws<PeerException>(() => buffers.Call.Nanoseconds(1)).Message);
        Assert.Single(peer.Starts);
    }

    [Fact]
    public void A_peer_that_fails_again_and_again_is_given_up()
    {
        using var peer = new FakePeer(run: "exit 4");
        using CallBuffers buffers = Prepare(peer);

        for (int time = 0; time < 5; time++)
            Assert.Throws<PeerException>(() => buffers.Call.Nanoseconds(1));
        Assert.Equal("peer-fake-zeros failed 3 times in a row, at last: ended with exit code 4", peer.Kernel.Backend.Failure);
        Assert.Equal(3, peer.Starts.Length);
    }

    [Fact]
    public void A_stop_ends_a_call_and_its_process()
    {
        using var peer = new FakePeer(run: "sleep 60");
        using CallBuffers buffers = Prepare(peer);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.3));
        var clock = Stopwatch.StartNew();

        Assert.ThrowsAny<OperationCanceledException>(() => buffers.Call.Nanoseconds(1, stop.Token));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        RequireEnded(peer.Starts[0]);
        Assert.Null(peer.Kernel.Backend.Failure);
    }

    [Fact]
    public void The_end_of_a_command_ends_the_process_and_removes_the_tensors()
    {
        using var peer = new FakePeer();
        using CallBuffers buffers = Prepare(peer);
        buffers.Call.Nanoseconds(1);
        string tensors = Path.GetDirectoryName(peer.Loads[0].Split("\"file\":\"")[1].Split('"')[0])!;
        Assert.True(Directory.Exists(tensors));

        peer.End();

        RequireEnded(peer.Starts[0]);
        Assert.False(Directory.Exists(tensors));
    }

    private CallBuffers Prepare(FakePeer peer, Inputs? numbers = null) => new(peer.Kernel, numbers ?? inputs, Executors.For(peer.Kernel, 1));

    private static void RequireEnded(string process) =>
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(int.Parse(process)));

    /// <summary>Hands calls to the peer on a number of threads that changes while a call stays prepared.</summary>
    private sealed class ThreadsToSet : IExecutor
    {
        public int Threads { get; set; } = 1;

        public void Run(Kernel kernel, in Call call) => kernel.Backend!.Run(kernel, call, Threads);

        public void Dispose()
        {
        }
    }
}

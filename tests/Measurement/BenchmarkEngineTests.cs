using Kernels.Measurement.Cases;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
public class BenchmarkEngineTests
{
    private readonly List<string> order = [];

    [Fact]
    public void What_has_no_clock_of_its_own_is_timed_without_what_comes_before_and_after()
    {
        using var engine = new BenchmarkEngine();
        var slow = new Sleeper(order, "slow", milliseconds: 4);

        double[] ns = engine.NanosecondsPerCall([.. Enumerable.Repeat(new Sample(slow, 3, 1), 4)], warmups: 1, CancellationToken.None);

        Assert.Equal(3, ns.Length);
        Assert.All(ns, each => Assert.InRange(each, 3.9e6, 30e6));
        Assert.Equal(Enumerable.Repeat(new[] { "slow begins 1", "slow 3", "slow ends 3" }, 4).SelectMany(each => each), order);
    }

    [Fact]
    public void Samples_come_in_the_order_given_each_after_what_is_before_it()
    {
        using var engine = new BenchmarkEngine();
        Sleeper a = new(order, "a", 0), b = new(order, "b", 0);

        Sample first = new(a, 1, 0) { Before = () => order.Add("probe") };
        engine.NanosecondsPerCall([first, new Sample(b, 2, 0), new Sample(a, 1, 0)], warmups: 0, CancellationToken.None);

        Assert.Equal(["probe", "a 1", "b 2", "a 1"], order.Where(each => !each.Contains("s ", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_sample_throws_is_thrown_as_it_is_and_ends_the_row()
    {
        using var engine = new BenchmarkEngine();
        var broken = new Sleeper(order, "broken", 0) { Error = new InvalidOperationException("no luck today") };

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
            () => engine.NanosecondsPerCall([.. Enumerable.Repeat(new Sample(broken, 1, 0), 6)], warmups: 0, CancellationToken.None));

        Assert.Same(broken.Error, thrown);
        Assert.Single(order, "broken 1");
    }

    /// <summary>Sleeps, and notes what it was asked.</summary>
    private sealed class Sleeper(List<string> order, string name, int milliseconds) : ISampled
    {
        public Exception? Error { get; init; }

        public string Name => name;

        public double ExactFlops => 1;

        public long Bytes => 1;

        public double? ExecutedFlops => null;

        public bool RunsOnProcessor => true;

        public double? AllocatedBytesPerCall => null;

        public void BeginSample(Sample sample)
        {
            order.Add($"{name} begins {sample.WarmCalls}");
            Thread.Sleep(10 * milliseconds);
        }

        public double? Call(int calls)
        {
            order.Add($"{name} {calls}");
            Thread.Sleep(calls * milliseconds);
            return Error is null ? null : throw Error;
        }

        public void EndSample(int calls)
        {
            order.Add($"{name} ends {calls}");
            Thread.Sleep(10 * milliseconds);
        }

        public Verdict Check(Expectation reference) => throw new InvalidOperationException("nothing is checked between samples");

        public void Dispose()
        {
        }
    }
}

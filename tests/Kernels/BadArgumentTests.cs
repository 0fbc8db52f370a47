using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests;

/// <summary>What <see cref="AttentionKernel.Forward"/> promises of bad arguments holds for every kernel alike.</summary>
public sealed class BadArgumentTests
{
    private static readonly AttentionProblem[] problems =
        [.. new[] { "b2-h4/2-q9-k12-d16", "b2-h4/2-q12-k12-d16-causal", "b2-h4/2-q12-k12-d16-window4", "b2-h4/2-q2-k12-d16" }.Select(ProblemName.Parse)];

    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_lengths_are_refused(string name)
    {
        Call call = CallOf(name);
        Assert.Equal("q", Assert.Throws<ArgumentException>(() => call.With(q: -1)).ParamName);
        Assert.Equal("q", Assert.Throws<ArgumentException>(() => call.With(q: 1)).ParamName);
        Assert.Equal("k", Assert.Throws<ArgumentException>(() => call.With(k: 1)).ParamName);
        Assert.Equal("v", Assert.Throws<ArgumentException>(() => call.With(v: -1)).ParamName);
        Assert.Equal("output", Assert.Throws<ArgumentException>(() => call.With(output: 16)).ParamName);
        if (call.Kernel.ScratchLength(call.Problem) > 0)
            Assert.Equal("scratch", Assert.Throws<ArgumentException>(() => call.With(scratch: -1)).ParamName);
        call.With(scratch: 100);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Overlapping_memory_is_refused(string name)
    {
        Call call = CallOf(name);
        AttentionProblem problem = call.Problem;
        float[] memory = new float[2 * Math.Max(problem.QueryLength, problem.KeyLength)];
        float[] q = new float[problem.QueryLength], k = new float[problem.KeyLength];
        float[] scratch = new float[call.Kernel.ScratchLength(problem)];
        Assert.Throws<ArgumentException>(() =>
            call.Kernel.Forward(problem, memory.AsSpan(1, q.Length), k, k, memory.AsSpan(0, q.Length), scratch));
        Assert.Throws<ArgumentException>(() =>
            call.Kernel.Forward(problem, q, memory.AsSpan(q.Length - 1, k.Length), k, memory.AsSpan(0, q.Length), scratch));
        Assert.Throws<ArgumentException>(() =>
            call.Kernel.Forward(problem, q, k, memory.AsSpan(0, k.Length), memory.AsSpan(k.Length - 1, q.Length), scratch));
        Assert.Throws<ArgumentException>(() => call.Kernel.Forward(problem, q, k, k, memory.AsSpan(0, q.Length), memory));
        // Inputs are only read, so they may be the same memory.
        call.Kernel.Forward(
            problem, memory.AsSpan(0, q.Length), memory.AsSpan(0, k.Length), memory.AsSpan(0, k.Length), new float[q.Length], scratch);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_problem_that_the_kernel_does_not_take_is_refused_with_the_reason(string name)
    {
        AttentionKernel kernel = KernelNames.Find(name);
        AttentionProblem[] candidates = [.. problems, ProblemName.Parse("h1-q3-k4-d3000"), ProblemName.Parse("h1-q4-k3-d8-causal-topleft")];
        foreach (AttentionProblem problem in candidates)
        {
            if (kernel.WhyNot(problem) is not { } reason)
                continue;
            var call = new Call(kernel, problem);
            Assert.Contains(reason, Assert.Throws<NotSupportedException>(() => call.With()).Message);
        }
    }

    private static Call CallOf(string name)
    {
        AttentionKernel kernel = KernelNames.Available(name);
        return new(kernel, problems.First(problem => kernel.WhyNot(problem) is null));
    }

    private sealed record Call(AttentionKernel Kernel, AttentionProblem Problem)
    {
        /// <summary>Calls the kernel with spans that are longer than they should be by so many floats.</summary>
        public void With(int q = 0, int k = 0, int v = 0, int output = 0, int scratch = 0)
        {
            long scratchLength = Kernel.Unavailable is null ? Kernel.ScratchLength(Problem) : 0;
            Kernel.Forward(
                Problem, new float[Problem.QueryLength + q], new float[Problem.KeyLength + k], new float[Problem.KeyLength + v],
                new float[Problem.QueryLength + output], new float[scratchLength + scratch]);
        }
    }
}

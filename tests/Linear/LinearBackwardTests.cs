using Kernels.Abstractions;
using Kernels.Linear;
using Kernels.Primitives.InstructionSets;
using Kernels.Reference;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Linear;

/// <summary>The chunked backward passes on every instruction set, their threads and their memory.</summary>
public sealed class LinearBackwardTests(GateCache cache)
{
    // Chunks that are whole, short or alone; queries before the keys and keys after the queries; a state that is read again without a change.
    private static readonly string[] problems =
    [
        "h2/1-q145-k145-d20v7-causal", "h4/2-q96-k97-d33v64-causal", "h1-q100-k47-d16v17-causal", "h1-q97-k49-d16-causal-topleft",
        "h1-q48-k150-d13v1-causal-topleft", "b2-h3/1-q49-k191-d8v24", "h1-q1-k200-d40", "h1-q60@300-k100@90-d12-causal",
    ];

    public static TheoryData<string, string> Sets => new(
        from operation in Names
        from set in new[] { Portable.Name, Avx2.Name, Avx512.Name }
        select (operation, set));

    public static TheoryData<string> Kinds => [.. Names];

    private static string[] Names => [Operations.LinearEluBackward.Name, Operations.RetentionBackward.Name];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_instruction_set_gives_the_definition(string operation, string set)
    {
        Kernel kernel = On(operation, set);
        if (kernel.Unavailable is { } reason)
            Assert.Skip(reason);
        foreach (string problem in problems)
        {
            foreach (InputFamily family in (InputFamily[])[InputFamily.Normal, InputFamily.Peaked, InputFamily.Cancelling])
            {
                var gateCase = new GateCase(ProblemName.Parse(problem), family, Seed: 3);
                Verdict verdict = Gate.Run(kernel, cache.References.Expectation(gateCase, kernel.Info));
                Assert.True(verdict.Passed, $"{gateCase}: {verdict.Message}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bits_depend_neither_on_threads_nor_on_the_run(string operation)
    {
        Kernel kernel = On(operation, Portable.Name);
        AttentionProblem problem = ProblemName.Parse("b2-h6/3-q300-k250-d24v40-causal");
        using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(problem, InputFamily.Normal, seed: 1);
        float[]?[] Outputs(int threads)
        {
            using IExecutor executor = Executors.For(kernel, threads);
            using var buffers = new CallBuffers(kernel, inputs, executor);
            buffers.PoisonOutputs();
            buffers.Call.Run();
            return buffers.ReadOutputs();
        }

        float[]?[] alone = Outputs(1);
        Assert.Contains(alone, output => output is not null && output.Any(number => number != 0));
        foreach (int threads in (int[])[1, 2, 3, 5])
            Assert.Equal(alone, Outputs(threads));
    }

    [Fact]
    public void Memory_of_a_thread_is_that_of_states_and_a_chunk_and_each_query_has_two_numbers_in_linear_attention()
    {
        AttentionProblem Problem(int length, int headDim) => new(2, 8, 4, length, length, headDim, AttentionMask.Causal);
        foreach (string operation in Names)
        {
            Kernel kernel = On(operation, Portable.Name);
            Assert.Equal(kernel.Plan(Problem(100, 64)).ThreadBytes, kernel.Plan(Problem(100_000, 64)).ThreadBytes);
            Assert.InRange(kernel.Plan(Problem(100, 64)).ThreadBytes, 122 << 10, 124 << 10);
            Assert.InRange(kernel.Plan(Problem(100, 128)).ThreadBytes, 291 << 10, 292 << 10);
            Assert.Equal(operation == Names[0] ? 2 * 4 * 2 * 8 * 1000 : 0, kernel.Plan(Problem(1000, 64)).SharedBytes);
        }
    }

    [Fact]
    public void Masks_that_a_state_cannot_forget_are_refused()
    {
        foreach (string operation in Names)
            Assert.Contains("full and causal", On(operation, Portable.Name).WhyNot(ProblemName.Parse("h1-q50-k50-d8-window7+0")), StringComparison.Ordinal);
    }

    private static Kernel On(string operation, string set)
    {
        if (operation == Names[0])
        {
            return set == Avx512.Name ? new EluBackwardChunked<Avx512>()
                : set == Avx2.Name ? new EluBackwardChunked<Avx2>()
                : new EluBackwardChunked<Portable>();
        }
        RetentionBackward retention = Operations.RetentionBackward;
        return set == Avx512.Name ? new RetentionBackwardChunked<Avx512>(retention)
            : set == Avx2.Name ? new RetentionBackwardChunked<Avx2>(retention)
            : new RetentionBackwardChunked<Portable>(retention);
    }
}

using Kernels.Abstractions;
using Kernels.Linear;
using Kernels.Primitives.InstructionSets;
using Xunit;

namespace Kernels.Tests.Linear;

/// <summary>What chunked kernels say that they execute, against a count by hand.</summary>
public sealed class ChunkFlopsTests
{
    [Theory]
    // Two causal chunks of 48: 48 keys absorbed, 96 queries a head, 2 · 48·49/2 pairs a head.
    [InlineData("h2/1-q96-k96-d16-causal", 48 * 512 + 2 * (96 * 512 + 2352 * 64))]
    // One chunk: nothing is absorbed.
    [InlineData("b2-h1-q10-k10-d8-causal", 2 * (10 * 128 + 55 * 32))]
    // 3 keys that no query of the only chunk misses, but which the state need not hold.
    [InlineData("h1-q4-k7-d8-causal", 4 * 128 + (4 + 5 + 6 + 7) * 32)]
    // All keys are seen by all queries: the state alone.
    [InlineData("h4/2-q100-k200-d16", 2 * 200 * 512 + 4 * 100 * 512)]
    public void The_products_of_the_chunked_form_are_counted(string problem, double expected)
    {
        Assert.Equal(expected, new EluChunked<Portable>().Plan(ProblemName.Parse(problem)).ExecutedFlops);
        Assert.Equal(expected, new RetentionChunked<Portable>(Operations.Retention).Plan(ProblemName.Parse(problem)).ExecutedFlops);
    }

    [Fact]
    public void A_long_causal_problem_costs_the_chunks_on_top_of_the_definition()
    {
        var problem = ProblemName.Parse("h1-q4800-k4800-d64-causal");

        double extra = new EluChunked<Portable>().Plan(problem).ExecutedFlops!.Value / Operations.LinearElu.Flops(problem);

        // 24.5 pairs a query beside a state of 64 × 64, less the keys of the last chunk, which nothing absorbs.
        Assert.Equal(1 + 24.5 / 64 - 0.5 / 100, extra, 1e-9);
    }

    [Fact]
    public void A_kernel_that_does_as_its_definition_says_states_nothing_else() =>
        Assert.Null(new EluRecurrent().Plan(ProblemName.Parse("h1-q96-k96-d16-causal")).ExecutedFlops);
}

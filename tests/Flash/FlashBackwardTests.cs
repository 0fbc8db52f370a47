using Kernels.Abstractions;
using Kernels.Flash.Backward;
using Kernels.Primitives.InstructionSets;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Flash;

public sealed class FlashBackwardTests
{
    // Several chunks of keys and parts of queries, of which the last are short: rounds in which items of one kv head run at once.
    private const string Chunked = "h2/1-q1700-k1600-d8-causal";

    [Theory]
    [InlineData(1, 256, 256)]
    [InlineData(1, 4096, 4096)]
    [InlineData(1, 1100, 900)]
    [InlineData(3, 5000, 700)]
    [InlineData(8, 33, 10000)]
    public void Every_chunk_meets_every_query_once_and_no_two_of_a_round_meet_the_same(int heads, int queries, int keys)
    {
        var problem = new AttentionProblem(1, heads, heads, queries, keys, 64);
        var chunks = new BackwardChunks(problem, BackwardBlocks.Of<Avx2>(problem));
        int[] visits = new int[chunks.Count * queries];
        for (int round = 0; round < chunks.Count; round++)
        {
            var met = new bool[queries];
            for (int chunk = 0; chunk < chunks.Count; chunk++)
            {
                KeyRange part = chunks.Queries(round, chunk);
                for (int query = part.Begin; query < part.End; query++)
                {
                    Assert.False(met[query]);
                    met[query] = true;
                    visits[chunk * queries + query]++;
                }
            }
        }
        Assert.All(visits, count => Assert.Equal(1, count));
        Assert.Equal(Enumerable.Range(0, keys), Enumerable.Range(0, chunks.Count).SelectMany(chunk =>
            Enumerable.Range(chunks.Keys(chunk).Begin, chunks.Keys(chunk).Length)));
    }

    [Theory]
    [InlineData("flash-backward-portable")]
    [InlineData("flash-backward-avx2")]
    [InlineData("flash-backward-avx512")]
    public void Chunks_give_the_same_bits_on_any_number_of_threads(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        AttentionProblem problem = ProblemName.Parse(Chunked);
        Assert.True(kernel.Plan(problem).Stages.Length > 3, "the problem must be cut into several chunks");
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
        Assert.True(Gate.Compare(kernel, Expectation.Compute(References.Suite.Of(kernel.Info.Operation), inputs), alone).Passed);
        foreach (int threads in (int[])[2, 3, 5])
            Assert.Equal(alone, Outputs(threads));
    }

    [Fact]
    public void Scratch_of_a_thread_does_not_grow_with_the_sequence_and_stays_below_4_MiB()
    {
        foreach (int headDim in (int[])[64, 128, 256])
        {
            long Bytes(int length) =>
                new FlashBackward<Avx512>("any", "any", "any") is { Unavailable: null } wide ? wide.Plan(Problem(length)).ThreadBytes
                : new FlashBackward<Portable>("any", "any", "any").Plan(Problem(length)).ThreadBytes;
            AttentionProblem Problem(int length) => new(1, 8, 8, length, length, headDim, AttentionMask.Causal);

            Assert.Equal(Bytes(1024), Bytes(32768));
            Assert.InRange(Bytes(32768), 1, (4 << 20) - 1);
        }
    }

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(512 << 10)]
    [InlineData(1 << 20)]
    [InlineData(2 << 20)]
    public void Blocks_are_whole_panels_that_fit_the_cache_unless_they_are_the_smallest(long cache)
    {
        foreach (int headDim in (int[])[1, 40, 64, 128, 256])
        {
            var blocks = BackwardBlocks.Of<Avx512>(headDim, headDim, cache);
            Assert.Equal(0, blocks.Keys % blocks.PanelKeys);
            // The few rows and columns that register tiles need beyond are not counted.
            Assert.True(blocks.Keys == 128 || sizeof(float) * BackwardScratch.Length(blocks, hasBias: false) <= 1.05 * cache);
        }
    }
}

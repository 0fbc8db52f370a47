using Kernels.Abstractions;
using Kernels.Flash.Tiles;
using Kernels.Primitives.InstructionSets;
using Xunit;

namespace Kernels.Tests.Flash;

public sealed class FlashBlocksTests
{
    [Theory]
    [InlineData(64, 1 << 20, 240)]
    [InlineData(256, 1 << 20, 168)]
    [InlineData(64, 256 << 10, 144)]
    [InlineData(256, 256 << 10, 24)]
    [InlineData(1, 0, 24)]
    public void A_block_fits_into_half_of_the_cache(int headDim, long cache, int keys)
    {
        FlashBlocks blocks = FlashBlocks.Of<Avx512>(headDim, headDim, cache);

        int rows = Rows<Avx512>();
        Assert.Equal(keys, blocks.Keys);
        long bytes = sizeof(float) * (2L * blocks.Channels * (keys + rows) + (long)keys * rows);
        Assert.True(bytes <= cache / 2 || keys == 24);
    }

    [Theory]
    [InlineData("h1-q96-k512-d8", "192 168 152")]
    [InlineData("h1-q96-k480-d8", "240 240")]
    [InlineData("h1-q48-k197-d8", "197")]
    [InlineData("h1-q700-d8-window1200", "216 216 169 27")]
    public void Keys_that_every_row_sees_are_cut_evenly(string name, string lengths)
    {
        AttentionProblem problem = ProblemName.Parse(name);
        var visible = new VisibleKeys<Avx512>(problem, new QueryTile<Avx512>(problem, 0), new KeyRange[Rows<Avx512>()]);

        var cut = new List<int>();
        for (KeyRange block = visible.First(240); !block.IsEmpty; block = visible.After(block, 240))
            cut.Add(block.Length);

        Assert.Equal(lengths, string.Join(' ', cut));
        Assert.Equal(visible.Any.Length, cut.Sum());
    }

    private static int Rows<TSet>()
        where TSet : struct, IInstructionSet => TSet.QueryRows;
}

using System.Text.Json;
using Kernels.Gpu.OpenCL;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>The OpenCL kernels in an interpreter that finds races, accesses out of bounds and divergent barriers.</summary>
[RunsOnce]
public class OclgrindTests
{
    [Fact]
    public void Nothing_is_wrong_with_the_kernels() => Assert.Equal("", Oclgrind.Complaints(
        "verify", "--kernels", "gpu-opencl-*", "--inputs", "normal", "--threads", "1",
        "--shapes", "h2/1-q9-k43-d5-causal,h1-q67-k18-d9,h1-q17-k40-d3-window4"));

    /// <summary>A kernel as it is, and with a mistake that oclgrind must find: else the test above could not fail.</summary>
    [Theory]
    [InlineData("barrier(CLK_LOCAL_MEM_FENCE);", "", "data race")]
    [InlineData("barrier(CLK_LOCAL_MEM_FENCE);", "if (x < 3) barrier(CLK_LOCAL_MEM_FENCE);", "divergence")]
    [InlineData("if (query < queries && key < keys)", "if (key < keys)", "Invalid write")]
    public void A_mistake_in_the_tiled_kernels_is_found(string old, string changed, string complaint)
    {
        const int Queries = 9, Keys = 11, HeadDim = 5, Tile = 8;
        string source = Oclgrind.Source("tiled.cl");
        string Run(string text) => Oclgrind.Complaints(
            text, $"-DTILE={Tile} -DROW_ITEMS=64", "scores", (2, 2), (Tile, Tile),
            Oclgrind.Floats(Queries * HeadDim), Oclgrind.Floats(Keys * HeadDim), Oclgrind.Floats(Queries * Keys),
            Oclgrind.Number(1), Oclgrind.Number(Queries), Oclgrind.Number(Keys), Oclgrind.Number(HeadDim), Oclgrind.Number(0.5f));

        Assert.Equal("", Run(source));
        Assert.Contains(complaint, Run(Changed(source, old, changed)), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Barriers, by what stands around them. Before values are loaded there is none where a row has several items: those of the maxima do.
    /// </summary>
    [Theory]
    [InlineData("first_key += TILE_KEYS) {\n        barrier(CLK_LOCAL_MEM_FENCE);", "first_key += TILE_KEYS) {")]
    [InlineData("barrier(CLK_LOCAL_MEM_FENCE);\n\n        for (int block", "for (int block")]
    [InlineData("barrier(CLK_LOCAL_MEM_FENCE);\n    for (int row = y; row < TILE_ROWS", "for (int row = y; row < TILE_ROWS")]
    public void A_missing_barrier_in_the_fused_kernel_is_found(string old, string changed)
    {
        const int Queries = 5, Keys = 70, HeadDim = 5;
        FlashTile tile = FlashTile.GpuTiles(HeadDim).Last();
        int tiles = (Queries + tile.TileRows - 1) / tile.TileRows;
        string source = Oclgrind.Source("flash.cl");
        string Run(string text) => Oclgrind.Complaints(
            text, tile.Definitions, "flash", (tiles, 1), (tile.ItemsX, tile.ItemsY),
            Oclgrind.Floats(Queries * HeadDim), Oclgrind.Floats(Keys * HeadDim), Oclgrind.Floats(Keys * HeadDim), Oclgrind.Floats(Queries * HeadDim),
            Oclgrind.Ints([.. Enumerable.Repeat(new[] { 0, Keys }, Queries).SelectMany(range => range)]),
            Oclgrind.Ints([.. Enumerable.Repeat(new[] { 0, Keys, 0, Keys }, tiles).SelectMany(range => range)]),
            Oclgrind.Number(tiles), Oclgrind.Number(1), Oclgrind.Number(Queries), Oclgrind.Number(Keys), Oclgrind.Number(HeadDim), Oclgrind.Number(0.5f));

        Assert.Equal("", Run(source));
        Assert.Contains("data race", Run(Changed(source, old, changed)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void It_can_be_chosen_as_an_emulator()
    {
        Oclgrind.Require();
        using var folder = new TemporaryFolder();
        Oclgrind.Complaints("verify", "--kernels", "gpu-opencl-flash", "--shapes", "h1-q1-d1", "--inputs",
            "normal", "--threads", "1", "--device", "emulator", "--json", folder.File("verdicts"));
        using JsonDocument verdicts = JsonDocument.Parse(File.ReadAllText(folder.File("verdicts")));
        Assert.Equal(1, verdicts.RootElement.GetProperty("kernels")[0].GetProperty("gate").GetProperty("passed").GetInt32());
    }

    private static string Changed(string source, string old, string changed)
    {
        int at = source.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the source has no '{old}'");
        return source[..at] + changed + source[(at + old.Length)..];
    }
}

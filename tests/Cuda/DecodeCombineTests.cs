using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The second kernel of decoding, which joins the parts of a row: what it reads, and faults put into it.</summary>
[RunsOnce]
public class DecodeCombineTests
{
    private const int Splits = 5;

    private static readonly InterpretedKernel kernel = InterpretedKernel.Of("decode-f32");

    private static readonly CudaEntry[] entries = [.. CudaEntries.HeadDims.Select(CudaEntries.DecodeCombine)];

    // Queries that see no key, and one of several parts.
    private static readonly AttentionProblem problem = ProblemName.Parse("b1-h2/1-q9-k300-d64-causal-topleft");
    private static readonly AttentionProblem blind = ProblemName.Parse("b1-h1-q9-k5-d64-causal");

    public static TheoryData<string, int> Barriers => PtxMutation.Places(entries, PtxMutation.Barrier);

    public static TheoryData<string, int> StoreGuards => PtxMutation.Places([entries[0]], StoreMutationTests.StoreGuard);

    /// <summary>
    /// Each part once, 16 bytes a lane, by as many teams as a block has: 33 parts, as of 131,072 keys on 132 multiprocessors, are 3 or 5 reads of a lane.
    /// </summary>
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Each_part_is_read_once_and_teams_share_them(int headDim)
    {
        const int Parts = 33;
        CudaEntry entry = CudaEntries.DecodeCombine(headDim);
        AttentionProblem one = new(1, 1, 1, 1, Parts * kernel.TileKeys(headDim), headDim);
        var counts = new LaunchCounts();
        using Inputs inputs = AttentionInputs.Create(one, InputFamily.Normal, seed: 1);

        new CudaRun(kernel, one) { Counts = counts, Splits = Parts }.Outputs(inputs);

        HashSet<PtxStatement> joining = [.. CudaModule.Entry(entry).Statements];
        LineCounts[] reads =
        [
            .. counts.Lines.Where(line => joining.Contains(line.Statement) && line.Statement.Opcode == "ld.global.v4.f32").Select(line => line.Counts),
        ];
        int warps = entry.Threads / Warp.Lanes, teamsOfWarp = Warp.Lanes * 4 / headDim;
        // Loops of teams that share a warp are as long as the longest.
        Assert.Equal(Parts * headDim * sizeof(float) / 32, reads.Sum(line => line.Sectors));
        Assert.Equal(0, reads.Sum(line => line.ExcessSectors));
        Assert.InRange(reads.Sum(line => line.Issued), (Parts + teamsOfWarp - 1) / teamsOfWarp, warps * ((Parts - 1) / (warps * teamsOfWarp) + 1));
    }

    [Theory]
    [MemberData(nameof(Barriers))]
    public void A_removed_barrier_is_found(string name, int index)
    {
        AttentionProblem shape = ProblemName.Parse(name.EndsWith("_d64", StringComparison.Ordinal) ? "b1-h1-q1-k300-d64" : "b1-h1-q1-k300-d128");
        PtxModule module = new PtxMutation(Entry(name)).Replace(PtxMutation.Barrier, index, "");
        using Inputs inputs = AttentionInputs.Create(shape, InputFamily.Normal, seed: 1);

        PtxException complaint = Assert.Throws<PtxException>(() => new CudaRun(kernel, shape, module) { Splits = Splits }.Outputs(inputs));

        Assert.Contains(complaint.Complaint, new[] { PtxComplaint.Race, PtxComplaint.Uninitialised });
    }

    [Theory]
    [MemberData(nameof(StoreGuards))]
    public void A_flipped_guard_of_a_store_is_found(string name, int index)
    {
        PtxModule module = StoreMutationTests.Flipped(Entry(name), index);

        Assert.True(StoreMutationTests.IsFound(kernel, problem, module, Splits) || StoreMutationTests.IsFound(kernel, blind, module, Splits));
    }

    private static CudaEntry Entry(string name) => entries.Single(entry => entry.Name == name);
}

using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The checker is checked: faults put into the PTX of the kernels must be found, each for the right reason.</summary>
[RunsOnce]
public class PtxMutationTests
{
    private const string Hidden = @"selp\.f32\s+(%f\d+), (%f\d+), 0fFF800000,";

    // Ragged ends within the first tile, and in each tile that a copy ahead of its use brings; rows that end within every thread's rows.
    private static readonly string[] raggedShapes =
    [
        "q1-k1", "q33-k65", "q35-k33", "q37-k97", "q39-k129", "q34-k193", "q36-k70", "q38-k70", "q40-k70", "q70-k70", "q17-k3", "q60-k3",
    ];

    private static readonly CudaEntry[] tiled =
    [
        .. new[] { "f32", "f16", "decode-f32", "decode-f16" }.SelectMany(
            name => CudaEntries.HeadDims.Select(headDim => InterpretedKernel.Of(name).Entry(headDim))),
    ];

    public static TheoryData<string, int> Barriers => PtxMutation.Places(tiled, PtxMutation.Barrier);

    public static TheoryData<string, int> Waits => PtxMutation.Places(tiled, PtxMutation.CopyWait);

    public static TheoryData<string, int> Commits => PtxMutation.Places(tiled, PtxMutation.CopyCommit);

    public static TheoryData<string, int> RowChecks => PtxMutation.Places(tiled, PtxMutation.RowCheck);

    public static TheoryData<string, int> LeftFactors => PtxMutation.Places(tiled, PtxMutation.LeftFactor, 9);

    public static TheoryData<string, int> RightFactors => PtxMutation.Places(tiled, PtxMutation.RightFactor, 11);

    public static TheoryData<string, int> TransposedLoads => PtxMutation.Places(tiled, PtxMutation.Transposed, 5);

    [Theory]
    [MemberData(nameof(Barriers))]
    public void A_removed_barrier_is_a_race_or_reads_what_is_not_there_yet(string name, int index) =>
        AssertComplains(name, PtxMutation.Barrier, index, "", PtxComplaint.Race, PtxComplaint.Uninitialised);

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_removed_wait_touches_what_is_in_flight(string name, int index) =>
        AssertComplains(name, PtxMutation.CopyWait, index, "", PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_wait_for_one_group_less_touches_what_is_in_flight(string name, int index)
    {
        int pending = PtxMutation.Pending(Entry(name), PtxMutation.CopyWait, index);

        AssertComplains(name, PtxMutation.CopyWait, index, $"cp.async.wait_group {pending + 1};", PtxComplaint.InFlight);
    }

    [Theory]
    [MemberData(nameof(Commits))]
    public void A_commit_too_few_touches_what_is_in_flight(string name, int index) =>
        AssertComplains(name, PtxMutation.CopyCommit, index, "", PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(RowChecks))]
    public void A_flipped_predicate_at_the_ragged_end_reads_out_of_bounds(string name, int index) =>
        AssertComplains(name, PtxMutation.RowCheck, index, "setp.ge.s32 $1, $2;", PtxComplaint.OutOfBounds);

    [Theory]
    [MemberData(nameof(LeftFactors))]
    public void A_wrong_index_in_a_left_fragment_gives_wrong_numbers(string name, int index) =>
        AssertWrong(name, PtxMutation.LeftFactor, index, "$1{$3, $2, ");

    [Theory]
    [MemberData(nameof(RightFactors))]
    public void A_wrong_index_in_a_right_fragment_gives_wrong_numbers(string name, int index) =>
        AssertWrong(name, PtxMutation.RightFactor, index, "$1{$3, $2}");

    [Theory]
    [MemberData(nameof(TransposedLoads))]
    public void A_load_that_does_not_transpose_gives_wrong_numbers(string name, int index) => AssertWrong(name, PtxMutation.Transposed, index, "$1");

    [Theory]
    [InlineData("flash_f16_d64", 0)]
    [InlineData("flash_f16_d64", 77)]
    [InlineData("flash_f16_d128", 20)]
    public void A_mask_that_hides_the_wrong_keys_gives_wrong_numbers(string name, int index) =>
        AssertWrong(name, Hidden, index, "selp.f32 $1, 0fFF800000, $2,");

    [Fact]
    public void Without_a_fault_there_is_no_complaint()
    {
        foreach (CudaEntry entry in tiled)
            foreach (string shape in raggedShapes)
                PtxMutation.Run(entry.Name, null, shape);
    }

    private static CudaEntry Entry(string name) => tiled.Single(entry => entry.Name == name);

    private static void AssertComplains(string name, string pattern, int index, string replacement, params PtxComplaint[] expected) =>
        PtxMutation.AssertComplains(name, pattern, index, replacement, raggedShapes, expected);

    private static void AssertWrong(string name, string pattern, int index, string replacement)
    {
        (InterpretedKernel kernel, int headDim) = InterpretedKernel.OfEntry(name);
        int queries = kernel.Decodes ? 9 : 128;
        var problem = new AttentionProblem(1, 1, 1, queries, 113, headDim, AttentionMask.Window(90, 20));

        (double overBound, _) = BoundedCase.Errors(kernel, problem, InputFamily.Normal, new PtxMutation(Entry(name)).Replace(pattern, index, replacement));

        Assert.True(overBound > 1, $"the largest error is {overBound:N2} of its bound");
    }
}

using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Each branch around a store of outputs is taken the other way: that must be complained about, or change what is written.</summary>
[RunsOnce]
public class StoreMutationTests
{
    public const string StoreGuard = @"@(!?)(%p\d+) bra\s+(\$\w+);(?=(?:(?!\bbra\b)[\s\S])*?st\.global)";

    private const string LaneBarrier = @"bar\.warp\.sync[^;]*;";

    private static readonly string[] entries = ["flash_f32_d64", "flash_f16_d64", "flash_wgmma_f16_d64", "decode_f16_d64"];

    // Rows that see no key, rows beyond the last tile, and several tiles.
    private static readonly AttentionProblem problem = ProblemName.Parse("b1-h1-q90-k80-d64-causal"), few = ProblemName.Parse("b1-h1-q9-k80-d64-causal");

    public static TheoryData<string, int> StoreGuards => PtxMutation.Places(entries.Select(Entry), StoreGuard);

    public static TheoryData<string, int> LaneBarriers => PtxMutation.Places(entries.Select(Entry), LaneBarrier);

    [Theory]
    [MemberData(nameof(StoreGuards))]
    public void A_flipped_guard_of_a_store_is_found(string entry, int index)
    {
        InterpretedKernel kernel = InterpretedKernel.OfEntry(entry).Kernel;

        Assert.True(IsFound(kernel, kernel.Decodes ? few : problem, Flipped(Entry(entry), index)));
    }

    /// <summary>Lanes that share a row read the log-sum-exp that one of them replaces.</summary>
    [Theory]
    [MemberData(nameof(LaneBarriers))]
    public void Lanes_that_do_not_meet_before_a_row_is_replaced_are_a_race(string entry, int index)
    {
        InterpretedKernel kernel = InterpretedKernel.OfEntry(entry).Kernel;
        PtxModule module = new PtxMutation(Entry(entry)).Replace(LaneBarrier, index, "");
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        CudaRows earlier = new CudaRun(kernel, problem).Rows(inputs);

        PtxException complaint = Assert.Throws<PtxException>(() => new CudaRun(kernel, problem, module).Join(inputs, earlier));

        Assert.Equal(PtxComplaint.Race, complaint.Complaint);
    }

    /// <summary>An entry with one guard of a store taken the other way.</summary>
    internal static PtxModule Flipped(CudaEntry entry, int index)
    {
        var mutation = new PtxMutation(entry);
        string not = mutation.Places(StoreGuard)[index].Groups[1].Value == "!" ? "" : "!";
        return mutation.Replace(StoreGuard, index, $"@{not}$2 bra $3;");
    }

    /// <summary>Whether a module is complained about, or writes other rows: outputs alone, with log-sum-exps, joined to earlier ones, or rounded.</summary>
    internal static bool IsFound(InterpretedKernel kernel, AttentionProblem shape, PtxModule faulty, int splits = 2)
    {
        using Inputs inputs = AttentionInputs.Create(shape, InputFamily.Normal, seed: 1);
        CudaRows right = Run(null).Rows(inputs), joined = Run(null).Join(inputs, right);
        try
        {
            return !Run(faulty).Outputs(inputs).AsSpan().SequenceEqual(right.Output) || !Same(Run(faulty).Rows(inputs), right)
                || !Same(Run(faulty).Join(inputs, right), joined)
                || (kernel.CanRound && !Same(Run(faulty, rounds: true).Rows(inputs), Run(null, rounds: true).Rows(inputs)));
        }
        catch (PtxException)
        {
            return true;
        }

        CudaRun Run(PtxModule? module, bool rounds = false) => new(kernel, shape, module) { Splits = splits, Rounds = rounds };
    }

    private static CudaEntry Entry(string name) => InterpretedKernel.OfEntry(name).Kernel.Entry(64);

    private static bool Same(CudaRows a, CudaRows b) => a.Output.AsSpan().SequenceEqual(b.Output) && a.Lse.AsSpan().SequenceEqual(b.Lse);
}

using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What can be known of the cost of the kernels without a device, counted and compared with what their algorithm needs.</summary>
[RunsOnce]
public class FlashCountTests
{
    public static TheoryData<string> Entries => [.. FlashCounts.All.Select(counts => counts.Entry.Name)];

    /// <summary>The tiled kernels on whole tiles, and where some rows, keys and lanes are left out.</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "f16", "b1-h1-q128-k192-d64" },
        { "f16", "b1-h2/1-q65-k97-d64-causal" },
        { "f16", "b1-h1-q64-k192-d128" },
        { "f16", "b1-h1-q33-k95-d128-window16" },
        { "f32", "b1-h1-q64-k192-d64" },
        { "f32", "b1-h2/1-q65-k97-d64-causal" },
        { "f32", "b1-h1-q64-k96-d128" },
        { "f32", "b1-h1-q33-k95-d128-window16" },
        { "bf16", "b1-h2/1-q65-k97-d64-causal" },
        { "wgmma-f16", "b1-h1-q128-k192-d64" },
        { "wgmma-bf16", "b1-h2/1-q65-k97-d64-causal" },
        { "wgmma-f16", "b1-h1-q64-k192-d128" },
        { "wgmma-bf16", "b1-h1-q33-k95-d128-window16" },
        { "decode-f16", "b1-h8/1-q1-k192-d64" },
        { "decode-bf16", "b1-h4/1-q3-k65-d128" },
        { "decode-f32", "b1-h8/1-q1-k192-d64" },
        { "decode-f32", "b1-h6/2-q3-k70-d64-causal" },
        { "decode-f32", "b1-h8/1-q1-k96-d128" },
        { "decode-f32", "b1-h4/1-q3-k65-d128" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void No_access_to_shared_memory_has_a_conflict(string kernel, string shape)
    {
        LaunchCounts counts = Launch(kernel, ProblemName.Parse(shape));

        Assert.True(counts.All.SharedAccesses > 0);
        Assert.DoesNotContain(counts.Lines, line => line.Counts.Conflicts != 0);
    }

    /// <summary>The exchange of chunks is why: with an xor left out, the loads that depend on it want four banks for eight lanes.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Without_the_exchange_of_chunks_each_load_of_matrices_has_conflicts(int headDim)
    {
        const string Xor = @"xor\.b32(\s+%r\d+), (%r\d+), (%r\d+);";
        InterpretedKernel kernel = InterpretedKernel.Of("f16");
        CudaEntry entry = kernel.Entry(headDim);
        var problem = new AttentionProblem(1, 1, 1, 1, 64, headDim);
        var mutation = new PtxMutation(entry);
        int loads = CudaModule.Entry(entry).Statements.Count(IsLoadOfMatrices);
        var conflicting = new HashSet<int>();
        for (int i = 0; i < mutation.Places(Xor).Count; i++)
        {
            // Which operand is the row, PTX does not tell.
            foreach (string replacement in (string[])["mov.b32$1, $2;", "mov.b32$1, $3;"])
            {
                var counts = new LaunchCounts();
                try
                {
                    using Inputs zeros = new(problem, Operations.Softmax.Operands(problem, Format.Float32));
                    new CudaRun(kernel, problem, mutation.Replace(Xor, i, replacement)) { Counts = counts }.Outputs(zeros);
                }
                catch (PtxException fault)
                {
                    // Chunks are copied over each other.
                    Assert.Equal(PtxComplaint.InFlight, fault.Complaint);
                }
                conflicting.UnionWith(counts.Lines
                    .Where(line => IsLoadOfMatrices(line.Statement) && line.Counts.Conflicts == 7 * line.Counts.MinWavefronts)
                    .Select(line => line.Statement.Line));
            }
        }

        Assert.Equal(loads, conflicting.Count);
    }

    /// <summary>Every sector that is read or written is wanted as a whole, but for the two numbers a row beside the parts of decoding.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void No_access_to_global_memory_touches_more_sectors_than_it_needs(string kernel, string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);

        LaunchCounts counts = Launch(kernel, problem);

        string[] excess = [.. counts.Lines.Where(line => line.Counts.ExcessSectors != 0).Select(line => line.Statement.Opcode)];
        Assert.All(excess, opcode => Assert.Equal("st.global.v2.f32", opcode));
        int stores = !kernel.StartsWith("decode", StringComparison.Ordinal) ? 0 : kernel == "decode-f32" ? 1 : 2;
        Assert.True(excess.Length <= stores, string.Join(", ", excess));
    }

    /// <summary>Keys and values are read once by a block, and nothing else is read or written while it goes on.</summary>
    [Theory]
    [MemberData(nameof(Entries))]
    public void A_key_more_is_read_once(string entry)
    {
        FlashCounts counts = Of(entry);
        int bytes = 2 * FlashCounts.Keys * counts.HeadDim * (counts.Kernel.OnTensorCores ? 2 : 4);

        Assert.Equal(bytes / 32, counts.MoreKeys.Sectors);
        Assert.Equal(bytes / 16 / Warp.Lanes, counts.MoreOf(InstructionKind.Copy));
        Assert.Equal(0, counts.MoreOf(InstructionKind.Global));
    }

    /// <summary>Two products of rows × keys × channels, each multiply-add once and in the unit that it is meant for.</summary>
    [Theory]
    [MemberData(nameof(Entries))]
    public void Products_are_as_many_as_the_algorithm_has(string entry)
    {
        FlashCounts counts = Of(entry);
        long multiplyAdds = 2 * counts.Scores * counts.HeadDim;
        // A product of tensor cores is 16 × 8 × 16; a warp's part of one of warpgroups is 16 × keys of a tile × 16 for scores, 16 × channels × 16 for outputs.
        // What is left for multiply-adds of lanes is the sum of weights, which is rescaled as the first weights are added.
        long products = counts.Kernel.ByWarpgroups ? multiplyAdds / 2 / (16 * counts.TileKeys * 16) + multiplyAdds / 2 / (16 * counts.HeadDim * 16)
            : counts.Kernel.OnTensorCores ? multiplyAdds / (16 * 8 * 16)
            : 0;
        long ofLanes = (counts.Kernel.OnTensorCores ? 0 : multiplyAdds) + Rescales(counts);

        Assert.Equal(products, counts.MoreOf(InstructionKind.Matrix));
        Assert.Equal(ofLanes / Warp.Lanes, counts.More("fma.").Issued);
    }

    /// <summary>A warp loads every key and value of a tile once: 16 × 16 halves a time. Warpgroups load none: tensor cores read shared memory.</summary>
    [Theory]
    [MemberData(nameof(Entries))]
    public void Matrices_are_loaded_once_by_each_warp(string entry)
    {
        FlashCounts counts = Of(entry);
        int warps = counts.Entry.Threads / Warp.Lanes;

        Assert.Equal(counts.Kernel is { OnTensorCores: true, ByWarpgroups: false }
            ? warps * 2 * FlashCounts.Keys * counts.HeadDim / (16 * 16) : 0, counts.MoreOf(InstructionKind.MatrixLoad));
    }

    /// <summary>Four turns for 16 bytes a lane, one for the weights that float32 kernels keep there; so the turns were counted at all.</summary>
    [Theory]
    [MemberData(nameof(Entries))]
    public void Shared_memory_is_accessed_in_as_few_turns_as_its_instructions_need(string entry)
    {
        FlashCounts counts = Of(entry);
        long wide = counts.More("ldmatrix").Issued + counts.More("ld.shared.v4").Issued + counts.More("cp.async.cg").Issued;

        Assert.Equal(4 * wide + counts.More("st.shared.f32").Issued, counts.MoreKeys.Wavefronts);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Powers_are_as_many_as_scores_and_rescalings(string entry)
    {
        FlashCounts counts = Of(entry);

        Assert.Equal((counts.Scores + Rescales(counts)) / Warp.Lanes, counts.MoreOf(InstructionKind.Exponential));
    }

    /// <summary>Tensor cores: one barrier, one group of copies and one wait a tile; float32: two, for keys and for values.</summary>
    [Theory]
    [MemberData(nameof(Entries))]
    public void Barriers_and_waits_of_a_tile(string entry)
    {
        FlashCounts counts = Of(entry);
        long each = (counts.Kernel.OnTensorCores ? 1 : 2) * (FlashCounts.Keys / counts.TileKeys) * (counts.Entry.Threads / Warp.Lanes);

        Assert.Equal(each, counts.MoreOf(InstructionKind.Barrier));
        Assert.Equal(each, counts.More("cp.async.wait_group").Issued);
        Assert.Equal(each, counts.More("cp.async.commit_group").Issued);
    }

    [Fact]
    public void The_document_has_the_tables()
    {
        string document = Repository.Read("docs/cuda.md"), tables = FlashCounts.Markdown();

        Assert.True(document == new MarkedBlock("counts").PutInto(document, tables), $"The tables are old. They should be:\n{tables}");
    }

    private static FlashCounts Of(string entry) => FlashCounts.All.Single(counts => counts.Entry.Name == entry);

    private static bool IsLoadOfMatrices(PtxStatement statement) => statement.Opcode.StartsWith("ldmatrix", StringComparison.Ordinal);

    // Computed by every lane that shares the row, for each tile.
    private static long Rescales(FlashCounts counts) =>
        (long)counts.Entry.TileRows * (FlashCounts.Keys / counts.TileKeys) * counts.Kernel.LanesOfRow;

    private static LaunchCounts Launch(string kernel, AttentionProblem problem)
    {
        var counts = new LaunchCounts();
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        new CudaRun(InterpretedKernel.Of(kernel), problem) { Counts = counts }.Outputs(inputs);
        return counts;
    }
}

using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Gpu.Ilgpu;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Gpu;

/// <summary>
/// What ILGPU makes of its kernels for CUDA, which needs no GPU, in the interpreter of the CUDA kernels' PTX: with all its checks of bounds,
/// alignment, barriers and races.
/// </summary>
[RunsOnce]
public class IlgpuPtxTests
{
    private static readonly string[] kernels = ["Scores", "Softmax", "Product", "Forward"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string shape in new[]
        {
            "b1-h1-q1-k1-d1", "b2-h2/1-q5-k33-d13", "b1-h2-q37-k70-d8-causal", "b1-h1-q40-k9-d40-causal", "b1-h4/2-q33-k43-d4-causal-topleft",
            "b1-h1-q50-k70-d16-window20", "b1-h1-q50@30-k70@20-d16-window20",
            "b1-h1-q20@0-k30@64-d8-causal", "b1-h1-q34-k34-d16-window5+0", "b1-h1-q33-k40-d64",
        })
        {
            cases.Add("tiled", shape);
            cases.Add("flash", shape);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_number_passes_the_gate(string program, string shape) => Judge(program, ProblemName.Parse(shape), InputFamily.Normal);

    [Theory]
    [InlineData("tiled", InputFamily.Peaked)]
    [InlineData("tiled", InputFamily.Outliers)]
    [InlineData("tiled", InputFamily.Cancelling)]
    [InlineData("tiled", InputFamily.OneHot)]
    [InlineData("tiled", InputFamily.Climbing)]
    [InlineData("flash", InputFamily.Peaked)]
    [InlineData("flash", InputFamily.Outliers)]
    [InlineData("flash", InputFamily.Cancelling)]
    [InlineData("flash", InputFamily.OneHot)]
    [InlineData("flash", InputFamily.Climbing)]
    public void Awkward_inputs_pass_the_gate(string program, InputFamily family) =>
        Judge(program, new(1, 2, 1, 34, 70, 16, AttentionMask.Causal), family);

    [Theory]
    [InlineData("Scores", 80)]
    [InlineData("Softmax", 80)]
    [InlineData("Product", 80)]
    [InlineData("Forward", 80)]
    [InlineData("Forward", 90)]
    public void Everything_is_kept_in_registers_and_shared_memory(string kernel, int capability)
    {
        string ptx = IlgpuPtx.Text(kernel, capability);
        // Version 1.5.3 writes this for 9.0 too; drivers take it for every later device.
        Assert.Equal("sm_80", PtxModule.Parse(ptx).Target);
        Assert.DoesNotContain(".local", ptx);
    }

    /// <summary>The checker is checked: each barrier of each kernel is needed, and without it there is a race.</summary>
    [Fact]
    public void A_removed_barrier_is_a_race()
    {
        const string Barrier = @"bar\.sync\s+0;";
        var problem = new AttentionProblem(1, 1, 1, 8, 70, 40);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        foreach (string kernel in kernels)
        {
            MatchCollection barriers = Regex.Matches(IlgpuPtx.Text(kernel, 80), Barrier);
            Assert.True(barriers.Count >= 2, kernel);
            foreach (Match barrier in barriers)
            {
                string Text(string name) =>
                    name == kernel ? IlgpuPtx.Text(name, 80).Remove(barrier.Index, barrier.Length) : IlgpuPtx.Text(name, 80);
                IlgpuProgram program = kernel == "Forward" ? IlgpuProgram.Flash : IlgpuProgram.Tiled;
                PtxException found = Assert.Throws<PtxException>(() => new IlgpuRun(problem, Text).Run(program, inputs));
                Assert.True(found.Complaint is PtxComplaint.Race or PtxComplaint.Uninitialised, $"{kernel}: {found.Message}");
            }
        }
    }

    [Fact]
    public void The_interpreter_knows_no_opcode_that_is_not_used()
    {
        IEnumerable<string> used = kernels.SelectMany(kernel => PtxModule.Parse(IlgpuPtx.Text(kernel, 80)).Entries.Values)
            .SelectMany(entry => entry.Statements).Select(statement => statement.Opcode);
        Assert.Empty(IlgpuOpcodes.All.Keys.Except(used));
    }

    private static void Judge(string program, AttentionProblem problem, InputFamily family)
    {
        (KernelInfo info, IlgpuProgram which) = program == "tiled"
            ? (new IlgpuTiled(IlgpuRuntime.Default).Info, IlgpuProgram.Tiled)
            : (new IlgpuFlash(IlgpuRuntime.Default).Info, IlgpuProgram.Flash);
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        float[] output = new IlgpuRun(problem, kernel => IlgpuPtx.Text(kernel, 80)).Run(which, inputs);
        OperationReference reference = References.Suite.Of(Operations.Softmax);
        var expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem));
        Verdict verdict = OutputCheck.Run(info, expectation, expectation.Outputs[0], output);
        Assert.True(verdict.Passed, verdict.Message);
    }
}

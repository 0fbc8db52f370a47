using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Outputs in the type of the inputs: the same numbers as in float32, rounded once, in stores of 16 bytes.</summary>
[RunsOnce]
public class RoundedOutputTests
{
    private static readonly string[] kernels = [.. InterpretedKernel.All.Where(kernel => kernel.CanRound).Select(kernel => kernel.Name)];

    // Whole and ragged tiles, grouped heads, rows that see no key, both head dimensions.
    public static TheoryData<string, string> Shapes => InterpretedCases.OfKernels(
        kernels,
        new TheoryData<string>(
            "b1-h1-q128-k128-d64", "b2-h4/2-q63-k97-d64-causal", "b1-h2-q97-k50-d64-causal", "b1-h1-q1-k3-d128", "b1-h4/1-q33-k95-d128-window16"));

    public static TheoryData<string> Names => [.. kernels];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_number_is_that_of_float32_rounded_to_nearest(string name, string shape)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        AttentionProblem problem = ProblemName.Parse(shape);
        using Inputs created = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1), inputs = created.RoundedTo(kernel.Element);

        CudaRows floats = new CudaRun(kernel, problem).Rows(inputs), rounded = new CudaRun(kernel, problem) { Rounds = true }.Rows(inputs);

        Assert.NotEqual(floats.Output, rounded.Output);
        Assert.Equal(floats.Output.Select(number => kernel.Element.Round(number)), rounded.Output);
        Assert.Equal(floats.Lse, rounded.Lse);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_passes_the_gate(string name)
    {
        foreach (InputFamily family in (InputFamily[])[InputFamily.Normal, InputFamily.Outliers, InputFamily.OneHot])
            FloatCase.AssertPasses(name, Operations.SoftmaxLse, new(1, 2, 1, 40, 90, 64, AttentionMask.Causal), family, rounds: true);
        FloatCase.AssertPasses(name, Operations.Softmax, new(1, 1, 1, 20, 50, 128, AttentionMask.Window(20, 3), -0.2f), InputFamily.Normal, rounds: true);
    }

    /// <summary>Half of the sectors of float32, none of them written in part.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Stores_fill_whole_sectors(string name)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        foreach (int headDim in (int[])[64, 128])
        {
            AttentionProblem problem = new(1, 1, 1, kernel.Entry(headDim).TileRows, 64, headDim);
            var counts = new LaunchCounts();
            using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);

            new CudaRun(kernel, problem) { Counts = counts, Rounds = true }.Outputs(inputs);

            LineCounts stores = counts.Of("st.global.v4");
            Assert.Equal(problem.QueryLength * sizeof(ushort) / 32, stores.Sectors);
            Assert.Equal(0, stores.ExcessSectors);
            Assert.Equal(0, counts.Of("st.global.v2").Sectors);
        }
    }
}

using Kernels.Abstractions;
using Kernels.Linear;
using Kernels.Primitives.InstructionSets;
using Kernels.Reference;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Linear;

/// <summary>Lengths around the chunk of 48 tokens, where a state is absorbed, loaded again or left out.</summary>
public sealed class ChunkTests(GateCache cache)
{
    private static readonly string[] problems =
    [
        // Keys that are loaded, not absorbed, and loaded again with more.
        "h1-q49-k59-d16-causal", "h2/1-q50-k60-d20-causal", "h1-q48-k96-d16-causal", "h1-q97-k49-d16-causal-topleft", "h1-q100-k47-d16-causal",
        "h1-q47-k48-d16", "h1-q3-k49-d16", "h1-q145-k145-d7-causal", "h4/2-q96-k97-d33-causal",
    ];

    public static TheoryData<string> Names => [.. LinearKernels.All.Select(kernel => kernel.Info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_split_gives_the_definition(string name)
    {
        Kernel kernel = KernelNames.Find(name);
        int judged = 0;
        foreach (string problem in problems)
        {
            foreach (InputFamily family in (InputFamily[])[InputFamily.Normal, InputFamily.Peaked, InputFamily.Outliers])
            {
                var gateCase = new GateCase(ProblemName.Parse(problem), family, Seed: 5);
                if (kernel.WhyNot(gateCase.Problem) is not null)
                    continue;
                Verdict verdict = Gate.Run(kernel, cache.References.Expectation(gateCase, kernel.Info));
                Assert.True(verdict.Passed, $"{gateCase}: {verdict.Message}");
                judged++;
            }
        }
        Assert.True(judged >= 6);
    }

    /// <summary>Exponents in the hundreds or thousands, whose roundings change features that nearly tie by more than those of the inputs do.</summary>
    [Theory]
    [InlineData("h3/1-q1-k129-d80", InputFamily.Outliers)]
    [InlineData("h2-q63-k63-d64-causal", InputFamily.Climbing)]
    [InlineData("h17-q20-k31-d160", InputFamily.OneHot)]
    public void Random_features_may_round_large_exponents(string problem, InputFamily family)
    {
        Kernel kernel = KernelNames.Find("linear-favor-chunked");
        Verdict verdict = Gate.Run(kernel, cache.References.Expectation(new GateCase(ProblemName.Parse(problem), family, Seed: 1), kernel.Info));
        Assert.True(verdict.Passed, verdict.Message);
    }

    /// <summary>Growing keys dwarf what the first queries of a chunk see by more than float32 can hold.</summary>
    [Fact]
    public void Random_features_survive_keys_that_dwarf_earlier_ones()
    {
        var problem = ProblemName.Parse("h1-q40-k40-d8-causal");
        float[] q = new float[problem.QueryLength], k = new float[problem.KeyLength], v = new float[problem.KeyLength];
        var random = new SeededNormal(7);
        for (int i = 0; i < k.Length; i++)
        {
            // Short keys have the largest features, exp(−|k|²/2): the first keys are the longest.
            (q[i], v[i]) = ((float)random.Next(), (float)random.Next());
            k[i] = (float)random.Next() * (1 + 12f * (40 - i / 8) / 40);
        }
        using Inputs inputs = AttentionInputs.From(problem, q, k, v);
        Expectation reference = Expected.Of(Operations.Favor, inputs);

        Verdict verdict = Gate.Run(new FavorChunked<Portable>(Operations.Favor), reference);

        Assert.True(verdict.Passed, verdict.Message);
    }
}

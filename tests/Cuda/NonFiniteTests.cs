using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class NonFiniteTests
{
    public static TheoryData<string, int, float> Cases()
    {
        var cases = new TheoryData<string, int, float>();
        foreach (string kernel in InterpretedKernel.All.Select(kernel => kernel.Name))
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                for (int tensor = 0; tensor < 3; tensor++)
                    cases.Add(kernel, tensor, bad);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_not_finite_gives_the_formula_or_nan(string kernel, int tensor, float bad)
    {
        var problem = new AttentionProblem(1, 1, 1, 6, 70, 64, AttentionMask.Causal);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 2);
        inputs[tensor switch { 0 => "q", 1 => "k", _ => "v" }][3 * 64 + 5] = bad;

        float[] output = new CudaRun(InterpretedKernel.Of(kernel), problem).Outputs(inputs);

        double[] gold = new double[64];
        for (int query = 0; query < problem.Queries; query++)
        {
            References.Suite.Of(Operations.Softmax).Gold(inputs, new RowBlock(0, 0, [query]), gold);
            for (int c = 0; c < gold.Length; c++)
            {
                float value = output[query * 64 + c];
                bool formula = double.IsFinite(gold[c]) ? Math.Abs(value - gold[c]) < 0.01 : value == gold[c];
                Assert.True(float.IsNaN(value) || formula, $"query {query}, channel {c}: {value}, where the formula gives {gold[c]}");
                // A query of which nothing but its own row is wrong leaves the other rows alone.
                Assert.True(tensor > 0 || query == 3 || !float.IsNaN(value), $"query {query}: NaN");
            }
        }
    }
}

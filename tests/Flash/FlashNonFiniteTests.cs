using Kernels.Abstractions;
using Kernels.Flash;
using Xunit;

namespace Kernels.Tests.Flash;

/// <summary>What the contract says of inputs that are not finite: each output number is what the formula gives, or NaN.</summary>
public sealed class FlashNonFiniteTests
{
    private static readonly AttentionProblem Problem = new(1, 1, 1, 50, 500, 20);

    public static TheoryData<string, float> Cases => EachKernelWith(float.NaN, float.PositiveInfinity, float.NegativeInfinity);

    public static TheoryData<string, float> Infinities => EachKernelWith(float.PositiveInfinity, float.NegativeInfinity);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_query_that_is_not_finite_spoils_its_row_and_no_other(string name, float value)
    {
        var test = new FlashCase(Problem);
        float[] clean = test.Run(Available(name));
        const int row = 7;
        test.Q[row * Problem.HeadDim + 3] = value;
        float[] output = test.Run(Available(name));
        for (int i = 0; i < output.Length; i++)
        {
            if (i / Problem.HeadDim == row)
                Assert.True(float.IsNaN(output[i]));
            else
                Assert.Equal(clean[i], output[i]);
        }
    }

    // In the first block, at its end, and in the ragged last one.
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_key_that_is_not_finite_never_gives_a_wrong_finite_number(string name, float value)
    {
        Kernel kernel = Available(name);
        foreach (int key in new[] { 0, 239, 499 })
        {
            var test = new FlashCase(Problem);
            test.K[key * Problem.HeadDim] = value;
            float[] output = test.Run(kernel);
            // A score of −∞ is a weight of zero: as if the key were far away.
            test.K[key * Problem.HeadDim] = float.IsInfinity(value) ? MathF.CopySign(1e30f, value) : 0;
            float[] far = test.Run(kernel);
            for (int row = 0; row < Problem.Queries; row++)
            {
                float score = value * test.Q[row * Problem.HeadDim];
                for (int i = row * Problem.HeadDim; i < (row + 1) * Problem.HeadDim; i++)
                    Assert.True(float.IsNaN(output[i]) || (float.IsNegativeInfinity(score) && output[i] == far[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Infinities))]
    public void A_row_whose_scores_are_all_minus_infinity_is_not_finite(string name, float value)
    {
        var test = new FlashCase(Problem);
        Array.Fill(test.Q, -value);
        Array.Fill(test.K, MathF.Sign(value));
        Assert.All(test.Run(Available(name)), number => Assert.True(float.IsNaN(number)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_that_is_not_finite_shows_in_its_channel_and_in_no_other(string name, float value)
    {
        Kernel kernel = Available(name);
        var test = new FlashCase(Problem);
        float[] clean = test.Run(kernel);
        const int channel = 19;
        test.V[260 * Problem.HeadDim + channel] = value;
        float[] output = test.Run(kernel);
        for (int i = 0; i < output.Length; i++)
        {
            if (i % Problem.HeadDim == channel)
                Assert.True(float.IsNaN(output[i]) || output[i] == value);
            else
                Assert.Equal(clean[i], output[i]);
        }
    }

    private static TheoryData<string, float> EachKernelWith(params float[] values)
    {
        var cases = new TheoryData<string, float>();
        foreach (TheoryDataRow<string> name in FlashNames.AnyQueries)
            foreach (float value in values)
                cases.Add(name.Data, value);
        return cases;
    }

    private static Kernel Available(string name)
    {
        Kernel kernel = FlashKernels.All.Single(kernel => kernel.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, $"{name}: {kernel.Unavailable}");
        return kernel;
    }
}

using Kernels.Abstractions;
using Kernels.Linear;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Linear;

public sealed class DecoderTests
{
    public static TheoryData<string> Names => [.. LinearKernels.All.OfType<RecurrentKernel>().Select(kernel => kernel.Info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Token_by_token_it_computes_what_its_kernel_does(string name)
    {
        var kernel = (RecurrentKernel)KernelNames.Find(name);
        AttentionProblem whole = ProblemName.Parse("b2-h4/2-q19-k19-d13-causal"), token = ProblemName.Parse("b2-h4/2-q1-k1-d13");
        using Inputs inputs = AttentionInputs.Create(whole, InputFamily.Normal, seed: 1);
        float[] expected = new float[whole.QueryLength], actual = new float[whole.QueryLength];
        kernel.Forward(whole, inputs["q"], inputs["k"], inputs["v"], expected);

        var decoder = new RecurrentDecoder(kernel, token);
        long bytes = decoder.StateBytes;
        float[] output = new float[token.QueryLength];
        for (int position = 0; position < whole.Queries; position++)
        {
            decoder.Step(At(inputs["q"], position, whole), At(inputs["k"], position, whole), At(inputs["v"], position, whole), output);
            for (int row = 0; row < token.Batch * token.Heads; row++)
                output.AsSpan(row * 13, 13).CopyTo(actual.AsSpan((row * whole.Queries + position) * 13));
        }

        Assert.Equal(expected, actual);
        Assert.Equal(bytes, decoder.StateBytes);
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        var kernel = new RetentionRecurrent(Operations.Retention);
        Assert.Throws<ArgumentException>(() => new RecurrentDecoder(kernel, ProblemName.Parse("h1-q2-k2-d4")));
        var decoder = new RecurrentDecoder(kernel, ProblemName.Parse("h1-q1-k1-d4"));
        Assert.Throws<ArgumentException>(() => decoder.Step(new float[4], new float[3], new float[4], new float[4]));
    }

    /// <summary>One token of each head, [batch · heads, headDim].</summary>
    private static float[] At(ReadOnlySpan<float> tensor, int position, AttentionProblem problem)
    {
        int d = problem.HeadDim, rows = tensor.Length / (problem.Keys * d);
        float[] token = new float[rows * d];
        for (int row = 0; row < rows; row++)
            tensor.Slice((row * problem.Keys + position) * d, d).CopyTo(token.AsSpan(row * d));
        return token;
    }
}

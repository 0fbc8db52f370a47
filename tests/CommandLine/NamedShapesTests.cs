using Kernels.Bench.Suites;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public class NamedShapesTests
{
    /// <summary>Figures of the published configurations, typed here a second time.</summary>
    [Theory]
    [InlineData("gpt2-small", "b1-h12-q1024-k1024-d64-causal")]
    [InlineData("bert-base", "b1-h12-q512-k512-d64")]
    [InlineData("vit-b16", "b1-h12-q197-k197-d64")]
    [InlineData("llama3-8b", "b1-h32/8-q1024-k1024-d128-causal")]
    [InlineData("whisper-small-cross", "b1-h12-q448-k1500-d64")]
    [InlineData("tinystories-260k", "b1-h8/4-q512-k512-d8-causal")]
    public void Shapes_are_those_of_the_models(string name, string problem) =>
        Assert.Equal(problem, Assert.Single(NamedShapes.All, shape => shape.Shape == name).Problem.ToString());
}

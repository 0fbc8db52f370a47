using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

public sealed class OperationTests
{
    [Theory]
    [InlineData(0, "positive multiple of 16")]
    [InlineData(-16, "positive multiple of 16")]
    [InlineData(20, "positive multiple of 16")]
    [InlineData(FavorAttention.MostFeatures + 16, "would not fit into memory")]
    [InlineData(int.MaxValue / 16 * 16, "would not fit into memory")]
    public void Impossible_numbers_of_features_are_refused(int features, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new FavorAttention(features, seed: 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "positive multiple of 64")]
    [InlineData(100, "positive multiple of 64")]
    [InlineData(LinformerAttention.MostRows + 64, "would not fit into memory")]
    public void Impossible_projections_are_refused(int rows, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new LinformerAttention(rows, seed: 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Top_k_needs_a_key(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new TopKAttention(count));

    [Fact]
    public void A_state_that_keeps_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionAttention(0));
}

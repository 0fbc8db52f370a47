using System.Collections.Immutable;
using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of rotary positions (Su et al. 2021, section 3.4.2): channels i and i + d/2 of a head turned back by position · base^(−2i/d), as
/// <see cref="TransformerLayer.Rotary"/> turns them forth. Rotations are orthogonal, so dx is dy turned by the negative angle. dy and dx are
/// [batch, heads, queries, headDim] as projections write them, [batch, token, head, channel] in memory. Positions are those of the last tokens of a sequence of as many
/// tokens as the problem has keys. The keys of a layer are a problem with their number of heads. Widths of rows, key heads, mask and scale mean nothing here.
/// </summary>
public sealed record RotaryBackward : LayerBackward
{
    // Four multiplications and two additions of a pair.
    private const int FlopsOfNumber = 3;

    private static readonly IReadOnlyList<ImmutableArray<int>> gradient = [[1]];

    /// <summary>The base of the wavelengths.</summary>
    public double Base { get; init; } = TransformerLayer.UsualRotaryBase;

    /// <inheritdoc/>
    public override string Name => "rope-backward" + (Base == TransformerLayer.UsualRotaryBase ? "" : string.Create(CultureInfo.InvariantCulture, $"-base{Base:R}"));

    /// <inheritdoc/>
    public override string Formula => "channels i and i + d/2 of dy turned by −position·base^(−2i/d)";

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => gradient;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format)
    {
        var dy = new Operand("dy", Role.Input, Layout.Of(TokenOrder.TokenMajor, problem.Batch, problem.Heads, problem.Queries, problem.HeadDim), Element.Float32);
        return [dy, dy with { Name = "dx", Role = Role.Output }];
    }

    /// <summary>Multiplications and additions of the rotations; sines and cosines do not count.</summary>
    protected override double Flops(LayerProblem problem) => (double)FlopsOfNumber * problem.Batch * problem.Queries * problem.QueryWidth;

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem) =>
        problem.HeadDim % 2 != 0 ? $"{Name} rotates pairs of channels, and a head has {problem.HeadDim}"
        : problem.Keys < problem.Queries ? $"{Name} has {problem.Keys} positions, too few for {problem.Queries} tokens"
        : null;
}

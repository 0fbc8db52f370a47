using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// An image as a sequence: y[0] = class + position[0] and y[1 + i] = patch[i]·W + b + position[1 + i] (Dosovitskiy et al. 2021, section 3.1, equation 1).
/// A problem gives the sizes: its heads are the channels of colour, its head dimension d is the side of a patch in pixels, and its queries, as many
/// as keys, are a class token and a square number s² of patches, so that ViT-B/16 on an image of 224 pixels is <c>h3-q197-d16-m768</c>. Key heads, hidden
/// width, mask and scale mean nothing here.
/// <para>
/// The image is [batch, heads, s·d, s·d]. Patches follow each other in rows of the image; the d²·heads numbers of a patch are its
/// channels, in each its rows of pixels, as the weights of a convolution with stride d have them. W is [heads·d², width], b and class are [width],
/// positions [queries, width], and y is [batch, 1, queries, width].
/// </para>
/// </summary>
public sealed record Patches : LayerOperation
{
    /// <summary>Place of W in a call, before that of b.</summary>
    public const int W = 1;

    /// <summary>Place of the class token in a call.</summary>
    public const int Class = 3;

    /// <summary>Place of the positions in a call.</summary>
    public const int PositionTable = 4;

    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[5]];

    // The positions have a row for each token; an image has none.
    private static readonly ImmutableArray<int> withPositions = [X, PositionTable];

    /// <inheritdoc/>
    public override string Name => "patches";

    /// <inheritdoc/>
    public override string Formula => "class + position, then patches·W + b + positions";

    /// <inheritdoc/>
    public override bool IsRowwise => true;

    /// <inheritdoc/>
    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => output;

    /// <inheritdoc/>
    public override ImmutableArray<int> KeyInputs => withPositions;

    /// <summary>Patches in a row of the image.</summary>
    public static int Side(AttentionProblem problem) => (int)Math.Sqrt(problem.Queries - 1.0);

    /// <summary>Numbers of a patch.</summary>
    public static int PatchWidth(AttentionProblem problem) => problem.Heads * problem.HeadDim * problem.HeadDim;

    /// <inheritdoc/>
    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format)
    {
        int pixels = Side(problem) * problem.HeadDim;
        return
        [
            new("image", Role.Input, Layout.Of(TokenOrder.HeadMajor, problem.Batch, problem.Heads, pixels, pixels), Element.Float32),
            Matrix("w", format, PatchWidth(problem), problem.Width), Vector("b", problem.Width),
            Vector("class", problem.Width), Matrix("positions", Format.Float32, problem.Queries, problem.Width),
            Rows("y", Role.Output, problem, problem.Queries, problem.Width),
        ];
    }

    /// <summary>The products of patches with W, and one addition for each number of a position.</summary>
    protected override double Flops(LayerProblem problem) =>
        (double)problem.Batch * problem.Width * (2.0 * (problem.Queries - 1) * PatchWidth(problem) + problem.Queries);

    /// <inheritdoc/>
    protected override string? WhyNot(LayerProblem problem)
    {
        double numbers = (double)problem.Heads * problem.HeadDim * problem.HeadDim;
        return problem.Keys != problem.Queries ? $"{Name} has as many keys as queries, not {problem.Keys} and {problem.Queries}"
            : problem.Queries < 2 || Side(problem) * Side(problem) != problem.Queries - 1
                ? $"{Name} is a class token and a square number of patches, such as 5, 17 or 197 tokens, not {problem.Queries}"
            : numbers * Math.Max(problem.Width, (double)problem.Batch * problem.Queries) > int.MaxValue
                ? $"{Name} would have more than {int.MaxValue:N0} numbers in its images or its matrix, with {numbers:N0} in a patch"
            : null;
    }
}

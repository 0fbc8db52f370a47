using Kernels.Abstractions;
using Kernels.Bench.Suites;
using Kernels.Measurement;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Problems chosen by model name or by sizes, lengths and masks.</summary>
public static class ShapeSelection
{
    /// <summary>
    /// The shape that lengths and masks apply to when none is given: the heads that most papers on fast attention measure.
    /// </summary>
    public static AttentionProblem Usual { get; } = new(1, 8, 8, 1024, 1024, 64);

    /// <summary>
    /// Every shape with every length and every mask, in that order, each problem once. Lengths replace queries and keys, masks replace
    /// the mask of a shape; <see cref="Usual"/> when no shape is given.
    /// </summary>
    /// <param name="shapes">Model names and problem names, separated by commas.</param>
    /// <param name="lengths">See <see cref="LengthSelection"/>.</param>
    /// <param name="masks">Mask names, separated by commas.</param>
    /// <param name="measured">Whether a mask must not reach beyond all keys: the time would be that of another mask. The gate has such problems.</param>
    /// <exception cref="UserError">A name is unknown, sizes are invalid, or a problem does not fit into memory.</exception>
    public static IReadOnlyList<NamedProblem> Parse(string? shapes, string? lengths, string? masks, bool measured = true)
    {
        NamedProblem[] chosen = shapes is null
            ? [new(null, Usual)]
            : [.. CommaList.Split(SelectionOptions.ShapesName, shapes).Select(Shape)];
        int?[] chosenLengths = lengths is null ? [null] : [.. LengthSelection.Parse(lengths).Select(length => (int?)length)];
        AttentionMask?[] chosenMasks = masks is null ? [null] : [.. CommaList.Split(SelectionOptions.MasksName, masks).Select(MaskSelection.Parse)];
        NamedProblem[] problems =
        [
            .. from shape in chosen
               from length in chosenLengths
               from mask in chosenMasks
               select With(shape, length, mask),
        ];
        foreach (NamedProblem problem in problems)
        {
            MemoryLimit.Require(problem.Problem);
            if (measured || problem.Problem.Mask.Span <= problem.Problem.Keys)
                MaskSelection.Require(problem.Problem);
        }
        return [.. problems.Distinct()];
    }

    private static NamedProblem Shape(string text)
    {
        if (NamedShapes.All.FirstOrDefault(shape => shape.Shape == text) is { } named)
            return named;
        if (!StartsWithSizes(text))
            throw Nearest.Unknown("shape", text, NamedShapes.All.Select(shape => shape.Shape!).Append(Usual.ToString()));
        try
        {
            return new NamedProblem(null, ProblemName.Parse(text));
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UserError(OneLine.Clean($"{SelectionOptions.ShapesName}: {error.Message}"));
        }
    }

    private static bool StartsWithSizes(string text) => text.Length > 1 && (text[0] is 'b' or 'h') && (char.IsAsciiDigit(text[1]) || text[1] == '-');

    private static int? QueryStart(AttentionProblem shape) => shape.QueryStart == shape.UsualQueryStart ? null : shape.QueryStart;

    private static NamedProblem With(NamedProblem named, int? length, AttentionMask? mask)
    {
        AttentionProblem shape = named.Problem;
        try
        {
            return named with
            {
                Problem = shape.On(new(
                    shape.Batch, shape.Heads, shape.KvHeads, length ?? shape.Queries, length ?? shape.Keys, shape.HeadDim,
                    mask ?? shape.Mask, shape.Scale, shape.ValueDim, length is null ? QueryStart(shape) : null, length is null ? shape.KeyStart : 0,
                    shape.Order)),
            };
        }
        catch (ArgumentException error)
        {
            throw new UserError($"{named}{(length is { } l ? $" with {SelectionOptions.LengthsName} {l}" : "")}: {error.Message}");
        }
    }
}

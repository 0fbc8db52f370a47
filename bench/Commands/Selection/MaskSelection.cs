using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>A mask chosen by name.</summary>
public static class MaskSelection
{
    /// <summary>Reads one mask name, see <see cref="MaskName"/>.</summary>
    /// <exception cref="UserError">It is not a mask.</exception>
    public static AttentionMask Parse(string name)
    {
        try
        {
            return MaskName.Parse(CommaList.Lower(name)) ?? throw Nearest.Unknown("mask", name, MaskName.Forms);
        }
        catch (FormatException error)
        {
            throw new UserError(OneLine.Clean(error.Message));
        }
    }

    /// <summary>Checks that a mask fits the tokens of a problem.</summary>
    /// <exception cref="UserError">A window, segment or block is longer than the sequence, or a pattern is of another size.</exception>
    public static void Require(AttentionProblem problem)
    {
        if (problem.Mask.Misfit(problem.Queries, problem.Keys) is { } misfit)
            throw new UserError(OneLine.Clean($"{problem}: {misfit}."));
    }
}

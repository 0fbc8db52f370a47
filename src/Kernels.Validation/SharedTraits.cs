using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// What the failing cases of a kernel have in common, and the passing ones have not; where there is no such trait, the one that fewest passing
/// cases have, with their number.
/// </summary>
internal static class SharedTraits
{
    private const int Most = 4;

    // Shared with more passing cases than this, a trait explains nothing.
    private const double LargestPassingShare = 0.25;

    private static readonly (string Name, Func<AttentionProblem, int> Of)[] sizes =
    [
        ("batch size", problem => problem.Batch),
        ("heads", problem => problem.Heads),
        ("heads per kv head", problem => problem.Heads / problem.KvHeads),
        ("queries", problem => problem.Queries),
        ("keys", problem => problem.Keys),
        ("head dimension", problem => problem.HeadDim),
        ("value width", problem => problem.ValueDim),
    ];

    private static readonly (string Name, Func<GateCase, AttentionProblem, bool> Has)[] traits =
    [
        ("causal mask", (_, problem) => problem.Mask is CausalMask),
        ("a window", (_, problem) => problem.Mask is WindowMask),
        ("a sparse pattern", (_, problem) => !problem.Mask.IsContiguous),
        ("a mask", (_, problem) => problem.Mask is not FullMask),
        ("no mask", (_, problem) => problem.Mask is FullMask),
        ("one query", (_, problem) => problem.Queries == 1),
        ("more queries than keys", (_, problem) => problem.Queries > problem.Keys),
        ("more keys than queries", (_, problem) => problem.Keys > problem.Queries),
        ("heads that share keys", (_, problem) => problem.KvHeads < problem.Heads),
        ("values of another width than keys", (_, problem) => problem.ValueDim != problem.HeadDim),
        ("token-major order", (_, problem) => problem.Order == TokenOrder.TokenMajor),
        ("positions of their own", (_, problem) => problem.KeyStart != 0 || problem.QueryStart != problem.UsualQueryStart),
        ("a scale of their own", (_, problem) => problem.Scale != AttentionProblem.DefaultScale(problem.HeadDim)),
        ("a scale below 0", (_, problem) => problem.Scale < 0),
        ("an input that is not finite", (gateCase, _) => gateCase.Injection is not null),
        .. Enum.GetValues<InputFamily>().Select(family => (
            $"inputs {family.Text()}",
            (Func<GateCase, AttentionProblem, bool>)((gateCase, _) => gateCase.Inputs == family && gateCase.Injection is null))),
        .. from size in sizes.Skip(3)
           from multiple in (int[])[2, 4, 8, 16, 32, 64]
           select (
               $"{size.Name} not a multiple of {multiple}",
               (Func<GateCase, AttentionProblem, bool>)((_, problem) => size.Of(problem) % multiple != 0)),
    ];

    /// <summary>The traits as phrases, the clearest first; none when nothing tells failing cases from passing ones.</summary>
    public static IReadOnlyList<string> Of(GateTally tally)
    {
        (GateCase Case, AttentionProblem Problem)[] failing = Cases(tally, passed: false), passing = Cases(tally, passed: true);
        if (failing.Length == 0 || passing.Length == 0)
            return [];
        string[] exclusive = [.. sizes.Select(size => Range(size.Name, failing, passing, size.Of)).OfType<string>()];
        (string Name, int Passing)[] shared =
        [
            .. traits.Where(trait => failing.All(item => trait.Has(item.Case, item.Problem)))
                .Select(trait => (trait.Name, passing.Count(item => trait.Has(item.Case, item.Problem))))
                .OrderBy(trait => trait.Item2),
        ];
        exclusive = [.. exclusive, .. shared.Where(trait => trait.Passing == 0).Select(trait => trait.Name)];
        return exclusive.Length > 0 ? [.. exclusive.Take(Most)]
            : [.. shared.Where(trait => trait.Passing <= LargestPassingShare * passing.Length).Take(1)
                .Select(trait => $"{trait.Name} (so do {trait.Passing:N0} that pass)")];
    }

    private static (GateCase, AttentionProblem)[] Cases(GateTally tally, bool passed) =>
    [
        .. tally.Cases.Where(item => item.Answer.Verdict is { } verdict && verdict.Passed == passed && verdict.Failure != FailureKind.NoReference)
            .Select(item => (item.Case, item.Case.Problem as AttentionProblem)).Where(item => item.Item2 is not null).Select(item => (item.Case, item.Item2!)),
    ];

    // A size that all failing cases have, or exceed, and no passing one.
    private static string? Range(
        string name, (GateCase, AttentionProblem)[] failing, (GateCase, AttentionProblem)[] passing, Func<AttentionProblem, int> size)
    {
        int[] wrong = [.. failing.Select(item => size(item.Item2))], right = [.. passing.Select(item => size(item.Item2))];
        (int least, int most) = (wrong.Min(), wrong.Max());
        return least > right.Max() ? $"{name} of {least:N0} or more (right up to {right.Max():N0})"
            : most < right.Min() ? $"{name} of {most:N0} or less (right from {right.Min():N0} on)"
            : least == most && !right.Contains(least) ? $"{name} of {least:N0}"
            : right.All(each => each < least || each > most) && wrong.Length > 1 ? $"{name} of {least:N0} to {most:N0}"
            : null;
    }
}

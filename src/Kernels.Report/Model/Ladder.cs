namespace Kernels.Report.Model;

/// <summary>
/// The kernels of a sweep at one length, each after the one that it builds on. Among kernels that build on the same one, the branch that
/// leads to the fastest comes last. Kernels that those of the sweep build on are included even if their operation or format differs.
/// </summary>
public sealed class Ladder
{
    private readonly List<ReportCase> cases;
    private readonly Dictionary<string, double> fastestOfBranch = [];
    private readonly List<Rung> rungs = [];

    private Ladder(Sweep sweep, int length)
    {
        Length = length;
        List<ReportCase> all = [.. Lines(sweep).SelectMany(line => line.Points).Where(shown => SweepKey.Length(shown) == length)];
        Peers = [.. all.Where(shown => shown.IsPeer).OrderByDescending(shown => shown.Nanoseconds)];
        cases = [.. all.Where(shown => !shown.IsPeer)];
        foreach (ReportCase top in Order(cases.Where(shown => Parent(shown) is null)).OrderByDescending(shown => shown.IsFloat32Softmax))
            Climb(top, null, 0);
        // Kernels that build on each other in a cycle are not reachable from a first one.
        foreach (ReportCase left in cases.Where(shown => !IsPlaced(shown)))
            Climb(left, null, 0);
    }

    /// <summary>The length.</summary>
    public int Length { get; }

    /// <summary>The kernels in display order, at least one.</summary>
    public IReadOnlyList<Rung> Rungs => rungs;

    /// <summary>Peers at that length, slowest first; they build on no kernel.</summary>
    public IReadOnlyList<ReportCase> Peers { get; }

    /// <summary>The ladder at the length with the most rungs that can be compared, the longest of these; null when there is none.</summary>
    public static Ladder? Of(Sweep sweep) => sweep.Lengths
        .Select(length => new Ladder(sweep, length))
        .Where(ladder => ladder.Rungs.Any(rung => rung.Gain is not null))
        .OrderByDescending(ladder => ladder.Rungs.Count(rung => rung.Gain is not null))
        .ThenByDescending(ladder => ladder.Length)
        .FirstOrDefault();

    /// <summary>The gain of a kernel over the one that it builds on at a length of the sweep; null where one was not measured.</summary>
    public static Ratio? Gain(Sweep sweep, string kernel, int length)
    {
        ReportCase? At(string? name) => Lines(sweep).FirstOrDefault(line => line.Kernel == name)?.At(length);
        return At(kernel) is { Kernel.BuildsOn: { } parent } own && At(parent) is { } other ? Ratio.Of(own, other) : null;
    }

    private static IEnumerable<SweepLine> Lines(Sweep sweep) => sweep.Foundations.Concat(sweep.Lines);

    private void Climb(ReportCase shown, ReportCase? parent, int depth)
    {
        rungs.Add(new Rung(shown, parent, depth));
        foreach (ReportCase child in Order(cases.Where(other => Parent(other) == shown)))
        {
            if (!IsPlaced(child))
                Climb(child, shown, depth + 1);
        }
    }

    private bool IsPlaced(ReportCase shown) => rungs.Exists(rung => rung.Case == shown);

    private ReportCase? Parent(ReportCase shown) =>
        shown.Kernel?.BuildsOn is { } parent ? cases.Find(other => other.Result.Kernel == parent) : null;

    private IOrderedEnumerable<ReportCase> Order(IEnumerable<ReportCase> siblings) => siblings.OrderByDescending(FastestOfBranch);

    private double FastestOfBranch(ReportCase shown)
    {
        if (fastestOfBranch.TryGetValue(shown.Result.Kernel, out double known))
            return known;
        // Set before the recursion, so that a cycle ends.
        fastestOfBranch[shown.Result.Kernel] = shown.Nanoseconds;
        return fastestOfBranch[shown.Result.Kernel] =
            cases.Where(other => Parent(other) == shown).Select(FastestOfBranch).Append(shown.Nanoseconds).Min();
    }
}

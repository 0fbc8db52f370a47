using System.Text.Json.Serialization;

namespace Kernels.Results;

/// <summary>
/// The conditions of a run or comparison, on which depends whether its figures can be trusted: handicaps of libraries and machine, and
/// disturbances while it was measured.
/// </summary>
/// <param name="Warnings">Why they should be doubted; empty when nothing speaks against them.</param>
public sealed record Conditions(IReadOnlyList<Warning> Warnings)
{
    /// <summary>Whether there are no warnings.</summary>
    public bool Quiet => Warnings.Count == 0;

    /// <summary><c>quiet</c>, <c>handicapped</c> or <c>disturbed</c>.</summary>
    public string Word => Quiet ? "quiet" : Disturbed ? "disturbed" : "handicapped";

    /// <summary>Whether the machine changed or did something else while it was measured.</summary>
    [JsonIgnore]
    public bool Disturbed => Warnings.Any(warning => warning.Kind == WarningKind.Disturbance);

    /// <summary>Those of a run.</summary>
    public static Conditions Of(RunResults run) => new(
    [
        .. Handicaps.Of(run.Machine, run.Cases.Select(result => result.Threads).DefaultIfEmpty(1).Max()),
        .. Handicaps.OfThreads(
            from kernel in run.Kernels
            from busy in kernel.ThreadsBusy ?? new Dictionary<int, double>()
            select (kernel.Name, busy.Key, busy.Value)),
        .. Disturbances.Of(run.Ceilings),
        .. Disturbances.Of(run),
    ]);

    /// <summary>Those of a comparison.</summary>
    public static Conditions Of(CompareResults comparison) => new(
    [
        .. Handicaps.Of(comparison.Machine, comparison.Rows.Select(row => row.Threads).DefaultIfEmpty(1).Max()),
        .. Handicaps.OfThreads(
            from row in comparison.Rows
            from contestant in row.Contestants
            where contestant.ThreadsBusy is not null
            select (contestant.Name, row.Threads, contestant.ThreadsBusy!.Value)),
        .. Disturbances.Of((FmaPeak[])[.. comparison.Rows.Select(row => row.Peak).OfType<FmaPeak>()]),
        .. Disturbances.Of(comparison.Rows),
    ]);
}

namespace Kernels.Results;

/// <summary>How a run was made.</summary>
public sealed record RunInfo
{
    /// <summary>Folder name of the run, from its start, such as <c>2026-11-22T0830-quick</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>End, UTC; null while it runs or when it was killed.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The exact command line that repeats the run.</summary>
    public required string Command { get; init; }

    /// <summary>Suite name, or <c>custom</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>Git revision of the sources, with <c>+changes</c> when the tree was not clean; null outside a checkout.</summary>
    public string? GitRevision { get; init; }

    /// <summary>Whether the caches were emptied before each call; otherwise they were warm from the calls before.</summary>
    public bool Cold { get; init; }

    /// <summary>The family of the inputs of its cases, such as <c>captured</c>; null for normal ones.</summary>
    public string? Inputs { get; init; }

    /// <summary>
    /// The device requested with <c>--device</c>; null for the best. The device of each kernel is <see cref="KernelResult.Device"/>.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>Whether the run was stopped before its end, so that cases are missing.</summary>
    public bool Interrupted { get; init; }
}

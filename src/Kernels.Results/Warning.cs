namespace Kernels.Results;

/// <summary>Why figures of a run should be doubted.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Text">What it is and what it does, as a sentence without a full stop.</param>
public sealed record Warning(WarningKind Kind, string Text);

/// <summary>What a <see cref="Warning"/> is about.</summary>
public enum WarningKind
{
    /// <summary>A setting or limit that makes a library, the runtime or the machine slower than it is.</summary>
    Handicap,

    /// <summary>The machine changed or did something else while it was measured.</summary>
    Disturbance,
}

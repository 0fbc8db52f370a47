namespace Kernels.Measurement.Machine;

/// <summary>The revision of the sources that a folder belongs to.</summary>
public static class GitRevision
{
    /// <summary>Such as <c>1a2b3c4</c> or <c>1a2b3c4+changes</c>; null outside a checkout or without git.</summary>
    public static string? Read(string folder)
    {
        if (CommandOutput.FirstLine("git", "-C", folder, "rev-parse", "--short=12", "HEAD") is not { Length: > 0 } revision)
            return null;
        // Runs write reports into the checkout, which do not change the sources.
        bool changed = CommandOutput.Lines("git", "-C", folder, "status", "--porcelain", "--", ".", ":(exclude,top)reports").Any(line => line != "");
        return changed ? $"{revision}+changes" : revision;
    }
}

using System.Reflection;

namespace Kernels.Measurement.Machine;

/// <summary>
/// The revision of the sources that this program was built from, which the build records (<c>eng/revision.targets</c>): where the program
/// runs, there may be no repository or another one.
/// </summary>
public static class GitRevision
{
    /// <summary>
    /// Such as <c>1a2b3c4d5e6f</c>, with <c>+changes</c> when the tree was not clean; null when it was built outside a checkout or without
    /// git.
    /// </summary>
    public static string? OfBuild { get; } = typeof(GitRevision).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(each => each.Key == nameof(GitRevision))?.Value;
}

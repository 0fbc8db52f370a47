namespace Kernels.Report.Model;

/// <summary>A family of kernels, as the report shows it.</summary>
/// <param name="Name">The first part of its kernels' names.</param>
/// <param name="Light">Its colour on white.</param>
/// <param name="Dark">Its colour on the dark surface.</param>
public sealed record Family(string Name, string Light, string Dark)
{
    /// <summary>
    /// Whether its kernels visit every visible pair of query and key on the processor's threads. Sparse and linear kernels, which do less
    /// work, are compared with the fastest of these.
    /// </summary>
    public bool IsDense { get; init; }
}

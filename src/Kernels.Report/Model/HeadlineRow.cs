namespace Kernels.Report.Model;

/// <summary>The fastest kernel on one problem.</summary>
/// <param name="Best">Its case.</param>
/// <param name="Library">The case of the OpenBLAS three-pass on the same problem; null where it was not measured.</param>
/// <param name="Peer">The case of the fastest peer; null where none was measured.</param>
public sealed record HeadlineRow(ReportCase Best, ReportCase? Library, ReportCase? Peer)
{
    /// <summary>Speed relative to OpenBLAS.</summary>
    public Ratio? OverLibrary => Library is null ? null : Ratio.Of(Best, Library);

    /// <summary>Speed relative to the fastest peer.</summary>
    public Ratio? OverPeer => Peer is null ? null : Ratio.Of(Best, Peer);
}

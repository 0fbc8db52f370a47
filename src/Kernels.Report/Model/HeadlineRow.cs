namespace Kernels.Report.Model;

/// <summary>The best kernel on one problem.</summary>
/// <param name="Best">Its case.</param>
/// <param name="Library">The case of the OpenBLAS three-pass on the same problem; null where it was not measured.</param>
/// <param name="Peer">The case of the fastest peer; null where none was measured.</param>
public sealed record HeadlineRow(ReportCase Best, ReportCase? Library, ReportCase? Peer)
{
    /// <summary>How many times as fast the best kernel is as OpenBLAS.</summary>
    public Ratio? OverLibrary => Library is null ? null : Ratio.Of(Best, Library);

    /// <summary>How many times as fast it is as the fastest peer.</summary>
    public Ratio? OverPeer => Peer is null ? null : Ratio.Of(Best, Peer);
}

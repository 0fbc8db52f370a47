namespace Kernels.Report.Model;

/// <summary>The fastest of some kernels at each measured length.</summary>
public sealed class TimeCurve
{
    private readonly SortedDictionary<int, ReportCase> fastest = [];

    /// <summary>The curve of the measured cases of some kernels.</summary>
    public TimeCurve(IEnumerable<ReportCase> cases)
    {
        foreach (ReportCase shown in cases)
        {
            int length = SweepKey.Length(shown);
            if (!fastest.TryGetValue(length, out ReportCase? best) || shown.Nanoseconds < best.Nanoseconds)
                fastest[length] = shown;
        }
    }

    /// <summary>Lengths, ascending.</summary>
    public IEnumerable<int> Lengths => fastest.Keys;

    /// <summary>The fastest case at a length of <see cref="Lengths"/>.</summary>
    public ReportCase this[int length] => fastest[length];
}

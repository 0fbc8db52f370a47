using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>The style of each kernel of a report, the same in every chart.</summary>
public sealed class KernelStyles
{
    private readonly Dictionary<string, (string Family, SeriesStyle Style)> styles = new(StringComparer.Ordinal);

    /// <summary>Gives each kernel a style, by its family and its place among them.</summary>
    public KernelStyles(ReportData data)
    {
        foreach (string kernel in data.Kernels)
        {
            string family = data.Runs.Select(run => run.Kernel(kernel)?.Family).FirstOrDefault(known => known is not null)
                ?? Families.OfName(kernel);
            int rank = styles.Values.Count(other => other.Family == family);
            styles[kernel] = (family, SeriesStyle.Of(family, rank));
        }
    }

    /// <summary>How a kernel is drawn.</summary>
    public SeriesStyle this[string kernel] => styles[kernel].Style;

    /// <summary>The family of a kernel.</summary>
    public string Family(string kernel) => styles[kernel].Family;
}

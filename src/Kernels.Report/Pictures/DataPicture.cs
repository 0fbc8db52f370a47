using ScottPlot;

namespace Kernels.Report.Pictures;

/// <summary>The data area of a picture, whose axes have their limits already, and which has no legend of ScottPlot's.</summary>
internal abstract class DataPicture : IPlottable
{
    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public IAxes Axes { get; set; } = new Axes();

    /// <inheritdoc/>
    public IEnumerable<LegendItem> LegendItems => [];

    /// <inheritdoc/>
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    /// <inheritdoc/>
    public abstract void Render(RenderPack pack);
}

namespace Kernels.Bench.Report.Charts;

/// <summary>Maps values to pixels along one axis and knows where its ticks are.</summary>
public abstract class Scale
{
    /// <summary>Values with a label, ascending.</summary>
    public abstract IReadOnlyList<double> Ticks { get; }

    /// <summary>Values with a fainter line and no label.</summary>
    public abstract IReadOnlyList<double> MinorTicks { get; }

    /// <summary>The pixel of a value.</summary>
    public abstract double At(double value);
}

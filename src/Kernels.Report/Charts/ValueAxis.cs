namespace Kernels.Report.Charts;

/// <summary>Kinds of vertical axes.</summary>
public enum ValueAxis
{
    /// <summary>Logarithmic, ticks at 1, 2 and 5 of each decade.</summary>
    Logarithmic,

    /// <summary>Linear from zero.</summary>
    Linear,

    /// <summary>Logarithmic, ticks at powers of two: for bytes.</summary>
    Binary,
}

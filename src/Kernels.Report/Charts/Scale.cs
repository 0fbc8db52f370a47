namespace Kernels.Report.Charts;

/// <summary>Maps values to pixels along one axis, with its ticks.</summary>
public abstract class Scale
{
    /// <summary>An axis without ticks, for rows with their own labels.</summary>
    public static Scale None { get; } = new WithoutTicks();

    /// <summary>Values with a label, ascending.</summary>
    public abstract IReadOnlyList<double> Ticks { get; }

    /// <summary>Values with a fainter line and no label.</summary>
    public abstract IReadOnlyList<double> MinorTicks { get; }

    /// <summary>The pixel of a value.</summary>
    public abstract double At(double value);

    private sealed class WithoutTicks : Scale
    {
        public override IReadOnlyList<double> Ticks => [];

        public override IReadOnlyList<double> MinorTicks => [];

        public override double At(double value) => value;
    }
}

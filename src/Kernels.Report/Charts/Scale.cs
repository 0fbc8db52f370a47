namespace Kernels.Report.Charts;

/// <summary>Maps values to pixels along one axis and knows where its ticks are.</summary>
public abstract class Scale
{
    /// <summary>For an axis whose rows have labels of their own: no ticks.</summary>
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

namespace Kernels.Primitives;

/// <summary>The largest errors seen so far, and where.</summary>
internal sealed class ExpErrorMaxima
{
    public long Values { get; set; }

    public double Ulp { get; set; }

    public float UlpAt { get; set; }

    public double Relative { get; set; }

    public float RelativeAt { get; set; }

    public double Absolute { get; set; }

    public void Join(ExpErrorMaxima other)
    {
        Values += other.Values;
        // Negated so that NaN counts as the largest error.
        if (!(other.Ulp <= Ulp))
            (Ulp, UlpAt) = (other.Ulp, other.UlpAt);
        if (!(other.Relative <= Relative))
            (Relative, RelativeAt) = (other.Relative, other.RelativeAt);
        if (!(other.Absolute <= Absolute))
            Absolute = other.Absolute;
    }
}

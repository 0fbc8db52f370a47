namespace Kernels.Abstractions;

/// <summary>The format of the numbers that a kernel multiplies; sums and outputs are float32.</summary>
public enum Precision
{
    /// <summary>float32.</summary>
    Single,

    /// <summary>
    /// IEEE half: inputs are rounded to it, and so are the weights exp(score − maximum) where they multiply v. The kernel then claims
    /// attention of the rounded inputs; the gate judges it against that, beside plain float32 whose weights are rounded too.
    /// </summary>
    Half,
}

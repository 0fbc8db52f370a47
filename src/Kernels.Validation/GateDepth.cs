namespace Kernels.Validation;

/// <summary>Extent of the gate.</summary>
public enum GateDepth
{
    /// <summary>About a second for a scalar kernel: before every measurement.</summary>
    Quick,

    /// <summary>Every problem of the quick list with every input family, and larger problems.</summary>
    Full,
}

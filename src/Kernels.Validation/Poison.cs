namespace Kernels.Validation;

/// <summary>Bit patterns that fill memory before a call.</summary>
internal enum Poison : uint
{
    /// <summary>
    /// A signalling NaN with a distinct payload: arithmetic turns it into a quiet NaN, so unwritten elements can be distinguished from
    /// computed NaN.
    /// </summary>
    NaN = 0x7FA5_C3D2,

    /// <summary>About 1234.57: changes the results of kernels that ignore NaN.</summary>
    Numbers = 0x449A_522B,
}

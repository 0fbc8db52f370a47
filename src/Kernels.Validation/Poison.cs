namespace Kernels.Validation;

/// <summary>Bit patterns that fill memory before a call.</summary>
internal enum Poison : uint
{
    /// <summary>
    /// A signalling NaN with a payload of its own: whoever computes with it gets a quiet NaN, so that what was never written can be told
    /// from what was computed.
    /// </summary>
    NaN = 0x7FA5_C3D2,

    /// <summary>About 1234.57: shows in the results of kernels that overlook NaN.</summary>
    Numbers = 0x449A_522B,
}

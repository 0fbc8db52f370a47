namespace Kernels.Abstractions;

/// <summary>What a device can do at most, measured by programs that do nothing else.</summary>
/// <param name="Gflops">10⁹ operations a second in the arithmetic that the kernel uses; a multiply-add counts two.</param>
/// <param name="Arithmetic">What that is, such as <c>float32 multiply-add</c>.</param>
/// <param name="CopyGigabytesPerSecond">10⁹ bytes a second read and written together, by a copy within the device's memory.</param>
public sealed record DevicePeaks(double Gflops, string Arithmetic, double CopyGigabytesPerSecond);

namespace Kernels.Abstractions;

/// <summary>Measured peaks of a device.</summary>
/// <param name="Gflops">10⁹ operations a second in the kernel's arithmetic; a multiply-add counts as two.</param>
/// <param name="Arithmetic">That arithmetic, such as <c>float32 multiply-add</c>.</param>
/// <param name="CopyGigabytesPerSecond">10⁹ bytes a second, read plus written, of a copy within the device's memory.</param>
public sealed record DevicePeaks(double Gflops, string Arithmetic, double CopyGigabytesPerSecond);

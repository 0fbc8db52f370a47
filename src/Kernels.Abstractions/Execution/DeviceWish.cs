namespace Kernels.Abstractions;

/// <summary>
/// The device that the user requests for device kernels: a kind (<c>gpu</c>, <c>cpu</c>), a driver (<c>cuda</c>, <c>opencl</c>), or part of
/// its name. Without a request the kernels use the best device that they find.
/// </summary>
/// <param name="Text">The request as the user wrote it.</param>
public sealed record DeviceWish(string Text)
{
    /// <summary>Drivers, as <see cref="Text"/> and <see cref="Fits"/> name them.</summary>
    public const string Cuda = "CUDA", OpenCl = "OpenCL";

    private static readonly string[] words = [Cuda, OpenCl, nameof(DeviceKind.Gpu), nameof(DeviceKind.Cpu)];

    /// <summary>Whether a device matches the request.</summary>
    /// <param name="driver">Its driver: <see cref="Cuda"/>, <see cref="OpenCl"/>, or another that cannot be requested.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="names">Its names.</param>
    public bool Fits(string driver, DeviceKind kind, params IEnumerable<string> names) =>
        words.Any(IsText) ? IsText(driver) || IsText(kind.ToString())
        : names.Any(name => name.Contains(Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>As it was given on the command line.</summary>
    public override string ToString() => $"--device {Text}";

    private bool IsText(string word) => word.Equals(Text, StringComparison.OrdinalIgnoreCase);
}

namespace Kernels.Abstractions;

/// <summary>
/// Which device a person wants kernels of devices to run on: <c>gpu</c> or <c>cpu</c>, the <c>cuda</c> or <c>opencl</c> that drives it, or
/// part of its name. Without a wish the kernels take the best device they find.
/// </summary>
/// <param name="Text">The wish in the person's words.</param>
public sealed record DeviceWish(string Text)
{
    /// <summary>What drives devices: a word for <see cref="Text"/>, and for <see cref="Fits"/>.</summary>
    public const string Cuda = "CUDA", OpenCl = "OpenCL";

    private static readonly string[] words = [Cuda, OpenCl, nameof(DeviceKind.Gpu), nameof(DeviceKind.Cpu)];

    /// <summary>Whether a device is what is wanted.</summary>
    /// <param name="driver">What drives it: <see cref="Cuda"/>, <see cref="OpenCl"/>, or something that no word stands for.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="names">What it is called.</param>
    public bool Fits(string driver, DeviceKind kind, params IEnumerable<string> names) =>
        words.Any(IsText) ? IsText(driver) || IsText(kind.ToString())
        : names.Any(name => name.Contains(Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>As it was given on the command line.</summary>
    public override string ToString() => $"--device {Text}";

    private bool IsText(string word) => word.Equals(Text, StringComparison.OrdinalIgnoreCase);
}

namespace Kernels.Abstractions;

/// <summary>
/// A package that some feeds do not carry, or whose licence some users cannot accept. Features that need it are always listed; in a build
/// without it, <see cref="WhyNot"/> is their reason.
/// </summary>
/// <param name="Name">Package name on the feed.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="BuiltIn">Whether this build contains it; decided in Directory.Build.props.</param>
public sealed record OptionalPackage(string Name, string Licence, bool BuiltIn)
{
    /// <summary>SkiaSharp, MIT: draws PNG charts without another program.</summary>
    public static OptionalPackage SkiaSharp { get; } = new("SkiaSharp", "MIT", BuiltInSkiaSharp);

    /// <summary>ManagedCuda, GPLv3 or commercial: a second host for the CUDA kernels.</summary>
    public static OptionalPackage ManagedCuda { get; } = new("ManagedCuda-12", "GPLv3 or commercial", BuiltInManagedCuda);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionalPackage> All { get; } = [SkiaSharp, ManagedCuda];

    /// <summary>Null when built in, otherwise the sentence for the report.</summary>
    public string? WhyNot =>
        BuiltIn ? null : $"built without {Name} ({Licence}); `dotnet restore eng/optional -p:Only={Name}` fetches it where the feed has it";

#if WITH_MANAGEDCUDA
    private const bool BuiltInManagedCuda = true;
#else
    private const bool BuiltInManagedCuda = false;
#endif

#if WITH_SKIASHARP
    private const bool BuiltInSkiaSharp = true;
#else
    private const bool BuiltInSkiaSharp = false;
#endif
}

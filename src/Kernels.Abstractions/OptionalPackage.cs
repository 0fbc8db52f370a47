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
    /// <summary>ManagedCuda, GPLv3 or commercial: a second host for the CUDA kernels.</summary>
    public static OptionalPackage ManagedCuda { get; } = new("ManagedCuda-12", "GPLv3 or commercial", BuiltInManagedCuda);

    /// <summary>ILGPU, University of Illinois/NCSA licence: compiles C# kernels for GPUs.</summary>
    public static OptionalPackage Ilgpu { get; } = new("ILGPU", "University of Illinois/NCSA licence", BuiltInIlgpu);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionalPackage> All { get; } = [ManagedCuda, Ilgpu];

    /// <summary>Null when built in, otherwise the sentence for the report.</summary>
    public string? WhyNot =>
        BuiltIn ? null : $"built without {Name} ({Licence}); `dotnet restore eng/optional -p:Only={Name}` fetches it where the feed has it";

#if WITH_ILGPU
    private const bool BuiltInIlgpu = true;
#else
    private const bool BuiltInIlgpu = false;
#endif

#if WITH_MANAGEDCUDA
    private const bool BuiltInManagedCuda = true;
#else
    private const bool BuiltInManagedCuda = false;
#endif
}

namespace Kernels.Abstractions;

/// <summary>
/// A package that belongs to the project but that not every feed carries, or whose licence is not everybody's. What needs it is always
/// listed; without it, with this reason.
/// </summary>
/// <param name="Name">Package name on the feed.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="BuiltIn">Whether this build contains it; decided in Directory.Build.props.</param>
public sealed record OptionalPackage(string Name, string Licence, bool BuiltIn)
{
    /// <summary>ScottPlot, MIT: draws PNG charts without another program.</summary>
    public static OptionalPackage ScottPlot { get; } = new("ScottPlot", "MIT", BuiltInScottPlot);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionalPackage> All { get; } = [ScottPlot];

    /// <summary>Null when built in, otherwise the sentence for the report.</summary>
    public string? WhyNot =>
        BuiltIn ? null : $"built without {Name} ({Licence}); `dotnet restore eng/optional` fetches it where the feed has it";

#if WITH_SCOTTPLOT
    private const bool BuiltInScottPlot = true;
#else
    private const bool BuiltInScottPlot = false;
#endif
}

namespace Kernels.Measurement.Disassembly;

/// <summary>Reads the JIT's output of <c>DOTNET_JitDisasm</c>.</summary>
internal static class JitListing
{
    private const string Heading = "; Assembly listing for method ";

    // This package is compiled at run time, as the kernels are; the rest of the framework is precompiled.
    private static readonly string[] namespaces = ["Kernels.", "System.Numerics.Tensors."];

    // Code that calls the kernels.
    private static readonly string[] around =
        ["Kernels.Bench.", "Kernels.Measurement.", "Kernels.Peers.", "Kernels.Report.", "Kernels.Results.", "Kernels.Validation."];

    /// <summary>
    /// Variables that make the runtime list everything that it compiles. They need .NET 8 or later, in the release build of the runtime.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Environment(string file) => new Dictionary<string, string>
    {
        ["DOTNET_JitStdOutFile"] = file,
        ["DOTNET_JitDisasm"] = "*",
    };

    /// <summary>
    /// The methods of kernels that were compiled after <see cref="ListingMark.Begin"/>, without those of the calling code.
    /// </summary>
    public static IReadOnlyList<MachineMethod> KernelMethods(string listing) =>
    [
        .. Methods(listing)
            .SkipWhile(method => !method.Name.StartsWith(ListingMark.Name, StringComparison.Ordinal))
            .Where(method => namespaces.Any(each => method.Name.StartsWith(each, StringComparison.Ordinal)))
            .Where(method => !around.Any(each => method.Name.StartsWith(each, StringComparison.Ordinal))),
    ];

    private static IEnumerable<MachineMethod> Methods(string listing) => listing
        .ReplaceLineEndings("\n")
        .Split(Heading)
        .Skip(1)
        .Select(text => new MachineMethod(text.Split('\n')[0], $"{Heading}{text.TrimEnd()}\n"));
}

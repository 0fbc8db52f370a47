using System.Collections;
using System.Diagnostics;
using System.Reflection;
using Kernels.Abstractions;

namespace Kernels.Measurement.Machine;

/// <summary>Settings of the runtime that change the code it generates or how it collects garbage.</summary>
public static class RuntimeKnobs
{
    private static readonly string[] configured =
    [
        "System.Runtime.TieredCompilation", "System.Runtime.TieredCompilation.QuickJit", "System.Runtime.TieredPGO",
        "System.GC.Server", "System.GC.Concurrent",
    ];

    // These DOTNET_ variables change generated code; others are mostly paths.
    private static readonly string[] variablePrefixes =
        ["Tiered", "TC_", "ReadyToRun", "Enable", "Jit", "OSR_", "GC", "PreferredVectorBitWidth", "MaxVectorTBitWidth", "AltJit"];

    /// <summary>
    /// <c>TieredPGO=False</c> as the program was built, <c>DOTNET_EnableAVX512=0</c> where the environment overrides it, and whether the
    /// kernels were compiled with optimisation.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in configured)
            settings[name["System.".Length..].Replace("Runtime.", "")] = AppContext.GetData(name)?.ToString() ?? "default";
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (ChangesCode((string)variable.Key))
                settings[(string)variable.Key] = variable.Value?.ToString() ?? "";
        settings["Configuration"] = IsOptimized ? "Release" : "Debug";
        return settings;
    }

    /// <summary>Whether the kernels were compiled with optimisation; times of a debug build are meaningless.</summary>
    public static bool IsOptimized =>
        typeof(AttentionKernel).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };

    private static bool ChangesCode(string variable) =>
        variable.Split('_', 2) is ["DOTNET" or "COMPlus", string name]
        && variablePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}

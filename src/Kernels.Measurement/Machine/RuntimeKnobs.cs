using System.Diagnostics;
using System.Reflection;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Machine;

/// <summary>Settings of the runtime that change the code it generates or how it collects garbage.</summary>
public static class RuntimeKnobs
{
    // Of several dozen, those that a kernel's calls can feel; variables that set others are recorded with the environment.
    private static readonly string[] collected = ["ServerGC", "ConcurrentGC", "HeapCount", "GCGen0MaxBudget", "GCHeapHardLimit"];

    private static readonly string[] configured =
    [
        "System.Runtime.TieredCompilation", "System.Runtime.TieredCompilation.QuickJit", "System.Runtime.TieredPGO",
    ];

    /// <summary>
    /// <c>TieredPGO=False</c> as the program was built, how garbage is collected, and whether the kernels were compiled with optimisation.
    /// Variables that override them are in <see cref="ProcessEnvironment.Variables"/>.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read()
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in configured)
            settings[name["System.Runtime.".Length..]] = AppContext.GetData(name)?.ToString() ?? "default";
        IReadOnlyDictionary<string, object> garbage = GC.GetConfigurationVariables();
        foreach (string name in collected)
            if (garbage.TryGetValue(name, out object? value))
                settings[$"GC.{name}"] = value.ToString() ?? "";
        settings["Configuration"] = IsOptimized ? "Release" : "Debug";
        return settings;
    }

    /// <summary>Whether the kernels were compiled with optimisation; times of a debug build are meaningless.</summary>
    public static bool IsOptimized =>
        typeof(AttentionKernel).Assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
}

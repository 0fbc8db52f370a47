namespace Kernels.Results;

/// <summary>Variables of the environment that steer a library or the runtime, so that times depend on them.</summary>
public static class SteeringVariables
{
    // Of libraries that compute: threads, instruction sets, sizes of blocks.
    private static readonly string[] libraries =
    [
        "OPENBLAS_", "GOTO_", "NVPL_", "OMP_", "GOMP_", "KMP_", "MKL_", "ATEN_", "TORCH_", "ORT_", "GGML_", "DNNL_", "ONEDNN_",
    ];

    // Of the C library, the loader and drivers.
    private static readonly string[] system =
        ["MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD", "LD_AUDIT", "POCL_", "CUDA_LAUNCH_BLOCKING", "CUDA_FORCE_PTX_JIT"];

    // They say where something is, or which device is meant; without them another library, or somebody else's device, would be used.
    private static readonly string[] places =
        ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "OCL_ICD_", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"];

    /// <summary>Whether it steers something, and is recorded.</summary>
    public static bool IsSteering(string name) => IsRemovable(name) || Begins(name, places);

    /// <summary>Whether <c>--clean-environment</c> removes it.</summary>
    public static bool IsRemovable(string name) => IsOfLibrary(name) || Begins(name, system) || IsOfRuntime(name);

    /// <summary>Whether it steers a library that computes. Peers are started without them: a call has the threads of its case.</summary>
    public static bool IsOfLibrary(string name) => Begins(name, libraries);

    // Settings of the runtime have small letters (DOTNET_TieredPGO); those of the SDK and the host have none (DOTNET_CLI_HOME), but for two.
    private static bool IsOfRuntime(string name) =>
        name.StartsWith("CORECLR_", StringComparison.Ordinal)
        || RuntimeName(name) is { } setting && (setting is "PROCESSOR_COUNT" or "STARTUP_HOOKS" || setting.Any(char.IsAsciiLetterLower));

    /// <summary>The name of a setting of the runtime without <c>DOTNET_</c> or <c>COMPlus_</c>; null for other variables.</summary>
    internal static string? RuntimeName(string name) =>
        name.Split('_', 2) is ["DOTNET" or "COMPlus", { Length: > 0 } setting] ? setting : null;

    private static bool Begins(string name, string[] prefixes) => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

namespace Kernels.Results;

/// <summary>
/// Which settings and limits are handicaps, and why: what is compared with a handicapped library looks faster than it is. A variable that
/// is recorded but not listed here, such as a number of threads that the suite sets itself, changes no time.
/// </summary>
public static class Handicaps
{
    /// <summary>A setting of the runtime may hide each of these from the JIT: <c>DOTNET_EnableAVX512=0</c>.</summary>
    private static readonly string[] instructionSets =
        ["EnableHWIntrinsic", "EnableSSE", "EnableAVX", "EnableFMA", "EnableBMI", "EnableLZCNT", "EnablePOPCNT", "EnableVAES", "EnableArm64", "EnableAPX"];

    private static readonly string[] compilation = ["Tiered", "TC_", "OSR_", "ReadyToRun", "Jit", "AltJit", "PreferredVectorBitWidth", "MaxVectorTBitWidth"];

    private static readonly (string Name, string Why)[] wheneverSet =
    [
        ("OPENBLAS_BLOCK_FACTOR", "OpenBLAS cuts its blocks to sizes that its authors did not choose"),
        ("GLIBC_TUNABLES", "the C library may copy memory without wide vectors, or allocate in another way"),
        ("LD_PRELOAD", "code of another library runs in this process"),
        ("LD_AUDIT", "code of another library runs in this process"),
        ("MALLOC_CHECK_", "the C library checks every allocation"),
        ("MALLOC_PERTURB_", "the C library fills every allocation"),
        ("CORECLR_ENABLE_PROFILING", "a profiler may be attached to the runtime"),
        ("DOTNET_STARTUP_HOOKS", "foreign code runs in this process"),
        ("DOTNET_EnableEventPipe", "the runtime records its events"),
        ("POCL_MAX_PTHREAD_COUNT", "PoCL may have fewer threads than the machine has processors"),
        ("POCL_CPU_MAX_CU_COUNT", "PoCL may have fewer threads than the machine has processors"),
        ("POCL_DEBUG", "PoCL reports what it does"),
        ("CUDA_LAUNCH_BLOCKING", "every launch waits for its end"),
        ("CUDA_FORCE_PTX_JIT", "the driver compiles what it has compiled code for"),
    ];

    /// <summary>The handicaps of a machine whose cases have at most <paramref name="threads"/> threads.</summary>
    public static IEnumerable<Warning> Of(MachineInfo machine, int threads) =>
        Texts(machine, machine.Environment ?? new ProcessEnvironment(), threads).Select(text => new Warning(WarningKind.Handicap, text));

    /// <summary>Peers that kept clearly fewer threads busy than they were given, in every case.</summary>
    /// <param name="peers">Name, threads given, and threads kept busy, in any number of cases.</param>
    public static IEnumerable<Warning> OfThreads(IEnumerable<(string Name, int Given, double Busy)> peers)
    {
        const double Enough = 0.75;
        return
            from peer in peers
            where peer.Given > 1
            group peer.Busy by (peer.Name, peer.Given) into same
            where same.Max() < Enough * same.Key.Given
            select new Warning(WarningKind.Handicap, $"{same.Key.Name} was given {same.Key.Given} threads and kept at most {same.Max():0.0#} busy");
    }

    private static IEnumerable<string> Texts(MachineInfo machine, ProcessEnvironment environment, int threads)
    {
        if (machine.RuntimeSettings.GetValueOrDefault("Configuration") == "Debug")
            yield return "this is a debug build: its times are meaningless";
        if (OfOpenBlas(machine, environment) is { } library)
            yield return library;
        foreach ((string name, string value) in environment.Variables)
            // A stranger's file may hold null, which the reader of JSON does not refuse here.
            if (OfVariable(name, value ?? "", machine, environment) is { } why)
                yield return $"{name}={OneLine.Quote(value ?? "")}: {why}";
        if (environment.ProcessorQuota is { } quota && quota < threads)
            yield return $"a control group allows {quota:0.##} processors, for up to {threads} threads: they are stopped in between";
        int? allowed = ProcessEnvironment.Count(environment.AllowedProcessors);
        if (allowed < ProcessEnvironment.Count(environment.OnlineProcessors))
            yield return $"the process may run on {allowed} of {ProcessEnvironment.Count(environment.OnlineProcessors)} processors alone "
                + $"({environment.AllowedProcessors})";
        if (threads > allowed)
            yield return $"up to {threads} threads share {allowed} processor{(allowed == 1 ? "" : "s")}";
        // With these drivers the processor itself chooses the clock, and powersave is the usual governor.
        if (environment.Governor is { } governor && governor.StartsWith("powersave", StringComparison.Ordinal)
            && !governor.Contains("pstate", StringComparison.Ordinal))
            yield return $"the clock is governed by {governor}, which keeps it low";
    }

    private static string? OfOpenBlas(MachineInfo machine, ProcessEnvironment environment)
    {
        if (machine.OpenBlas is not { } use)
            return null;
        if (use.Vectors() is { } used && machine.Model?.Vectors is { } present && used < present)
        {
            string what = $"OpenBLAS computes with {Text(used)}, as for {use.Core}, where this machine has {Text(present)}";
            return environment.Variables.GetValueOrDefault("OPENBLAS_CORETYPE") is { } forced
                ? $"OPENBLAS_CORETYPE={OneLine.Quote(forced)}: {what}, so whatever is compared with it looks faster than it is"
                : $"{what}: that version may not know this processor";
        }
        return use.Threads > 1 ? $"a call of OpenBLAS starts {use.Threads} threads beside those of the case" : null;
    }

    private static string? OfVariable(string name, string value, MachineInfo machine, ProcessEnvironment environment)
    {
        if (wheneverSet.FirstOrDefault(each => each.Name == name).Why is { } why)
            return IsZero(value) ? null : why;
        if (name == "OPENBLAS_L2_SIZE")
        {
            long bytes = machine.CacheBytes.GetValueOrDefault("L2");
            return bytes == 0 ? "OpenBLAS takes that for the size of the L2 cache in KiB, which the system does not tell"
                : int.TryParse(value, out int kibibytes) && kibibytes < bytes >> 10 ? $"OpenBLAS takes the L2 cache for smaller than its {bytes >> 10} KiB"
                : null;
        }
        if (SteeringVariables.RuntimeName(name) is not { } setting)
            return null;
        bool Begins(string prefix) => setting.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        if (setting == "PROCESSOR_COUNT")
            return ProcessEnvironment.Count(environment.AllowedProcessors) is { } allowed && value.Trim() != $"{allowed}"
                ? $"the runtime is told another number of processors than the {allowed} that it may use"
                : null;
        if (instructionSets.Any(Begins))
            return IsZero(value) ? "the JIT may not use these instructions, so kernels have narrower vectors or cannot run" : null;
        return compilation.Any(Begins) ? "it changes the code that the JIT makes of the kernels" : null;
    }

    // Settings of the runtime are hexadecimal: 0, 00 and 0x0 are the same.
    private static bool IsZero(string value) => value.Trim().Replace("0x", "", StringComparison.OrdinalIgnoreCase).Trim('0') == "";

    private static string Text(VectorSet vectors) => vectors switch
    {
        VectorSet.Avx512 => "AVX-512",
        VectorSet.Avx2 => "AVX2",
        VectorSet.Avx => "AVX",
        _ => "SSE",
    };
}

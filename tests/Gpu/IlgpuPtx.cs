using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Kernels.Gpu.Ilgpu;

namespace Kernels.Tests.Gpu;

/// <summary>What ILGPU makes of the kernels for CUDA, which needs no GPU.</summary>
internal static class IlgpuPtx
{
    private static readonly ConcurrentDictionary<(string, int), string> texts = new();

    /// <summary>The PTX of one kernel: a method of one of the two programs.</summary>
    public static string Text(string kernel, int capability) => texts.GetOrAdd((kernel, capability), _ => Compile(kernel, capability));

    private static string Compile(string kernel, int capability)
    {
        (CudaArchitecture architecture, CudaInstructionSet instructions) = capability == 90
            ? (CudaArchitecture.SM_90, CudaInstructionSet.ISA_78)
            : (CudaArchitecture.SM_80, CudaInstructionSet.ISA_70);
        MethodInfo method = new[] { typeof(TiledAttention), typeof(FlashAttention) }
            .Select(type => type.GetMethod(kernel)).Single(found => found is not null)!;
        using Context context = IlgpuDevices.CreateContext();
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null);
        CompiledKernel compiled = backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(method), KernelSpecialization.Empty);
        return ((PTXCompiledKernel)compiled).PTXAssembly;
    }
}

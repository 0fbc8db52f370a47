using Xunit;
#if WITH_ILGPU
using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Kernels.Gpu.Ilgpu.Accelerated;
#else
using Kernels.Abstractions;
#endif

namespace Kernels.Tests.Gpu;

/// <summary>What ILGPU makes of the kernels for CUDA, which needs no GPU to compile. It is not run.</summary>
[RunsOnce]
public class IlgpuPtxTests
{
    [Theory]
    [InlineData("Scores", 80)]
    [InlineData("Softmax", 80)]
    [InlineData("Product", 80)]
    [InlineData("Forward", 80)]
    [InlineData("Forward", 90)]
    public void The_kernels_compile_and_keep_everything_in_registers_and_shared_memory(string kernel, int capability)
    {
#if WITH_ILGPU
        string ptx = Compile(kernel, capability);
        // Version 1.5.3 writes this for 9.0 too; drivers take it for every later device.
        Assert.Equal(".target sm_80", ptx.Split('\n').Single(line => line.StartsWith(".target", StringComparison.Ordinal)).TrimEnd());
        Assert.Contains(".extern .shared", ptx);
        Assert.Contains("bar.sync", ptx);
        Assert.DoesNotContain(".local", ptx);
#else
        Assert.Skip($"{kernel} for sm_{capability}: {OptionalPackage.Ilgpu.WhyNot}");
#endif
    }

#if WITH_ILGPU
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
#endif
}

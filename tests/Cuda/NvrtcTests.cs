using System.Text;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.Cuda.Host;
using Kernels.Gpu.Cuda.Nvrtc;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What runs on a device: what NVRTC makes of the CUDA C where there is one, the project's PTX everywhere else, and which is told.</summary>
[RunsOnce]
public class NvrtcTests
{
    [Theory]
    [InlineData(8, 0, "sm_80")]
    [InlineData(9, 0, "sm_90a")]
    public void Where_it_is_found_it_compiles_the_same_source_to_machine_code(int major, int minor, string architecture)
    {
        if (NvrtcLibrary.Find(NvrtcLibrary.PlatformNames).WhyNot is { } reason)
            Assert.Skip(reason);

        var program = CudaProgram.For(Device(major, minor), new CudaCompiler(NvrtcLibrary.PlatformNames));

        Assert.StartsWith($"compiled for {architecture} by NVRTC ", program.Origin);
        // Machine code is an ELF file, and holds the names of its entries.
        Assert.Equal([0x7f, (byte)'E', (byte)'L', (byte)'F'], program.Image[..4]);
        foreach (CudaEntry entry in (CudaEntry[])[
            CudaEntries.FlashF32(64), CudaEntries.FlashMma(Element.Float16, 128), CudaEntries.Decode(Element.BFloat16, 64), CudaEntries.PeakMma])
            Assert.True(program.Image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(entry.Name)) > 0, entry.Name);
    }

    [Fact]
    public void A_device_that_it_does_not_know_gets_the_projects_ptx_and_the_reason()
    {
        if (NvrtcLibrary.Find(NvrtcLibrary.PlatformNames).WhyNot is { } reason)
            Assert.Skip(reason);

        var program = CudaProgram.For(Device(99, 0), new CudaCompiler(NvrtcLibrary.PlatformNames));

        Assert.StartsWith("PTX for sm_80 of this project (NVRTC compiles nothing for sm_990: nvrtcCompileProgram: ", program.Origin);
    }

    [Theory]
    [InlineData(8, 0, "sm_80", "11.0")]
    [InlineData(8, 9, "sm_80", "11.0")]
    [InlineData(9, 0, "sm_90a", "12.0")]
    [InlineData(12, 0, "sm_80", "11.0")]
    public void Without_it_the_ptx_of_the_target_of_the_device_runs(int major, int minor, string target, string driver)
    {
        var program = CudaProgram.For(Device(major, minor), new CudaCompiler(["libNoSuchNvrtc.so"]));

        Assert.Equal($"PTX for {target} of this project (NVRTC not found: libNoSuchNvrtc.so)", program.Origin);
        Assert.Equal(Version.Parse(driver), program.NeedsDriver);
        Assert.Equal(0, program.Image[^1]);
    }

    internal static CudaDevice Device(int major, int minor) => new()
    {
        Name = "any",
        Index = 0,
        Capability = new Version(major, minor),
        DriverVersion = new Version(12, 8),
        Multiprocessors = 1,
        SharedBytesPerBlock = 1 << 16,
        MemoryBytes = 1 << 30,
        IsEmulated = false,
    };
}

using Kernels.Measurement.Machine;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>What the files of Linux say of processor and limits.</summary>
[RunsOnce]
public class MachineReaderTests
{
    [Theory]
    [InlineData(25, 17, "avx avx2 fma avx512f", "amd-epyc-zen4-2c")]
    [InlineData(26, 2, "avx avx2 fma avx512f", "amd-epyc-zen5-2c")]
    [InlineData(23, 49, "avx avx2 fma", "amd-epyc-zen2-2c")]
    [InlineData(42, 7, "avx", "amd-epyc-f42m7-2c")]
    public void Two_generations_of_one_name_have_two_names(int family, int model, string flags, string name)
    {
        ProcessorModel read = ProcessorModelReader.FromCpuInfo($"""
            processor	: 0
            vendor_id	: AuthenticAMD
            cpu family	: {family}
            model		: {model}
            model name	: AMD EPYC
            stepping	: 1
            microcode	: 0xa101148
            cpu MHz		: 2096.014
            flags		: fpu sse2 {flags}

            processor	: 1
            model		: 99
            """)!;

        Assert.Equal(("AuthenticAMD", family, model, 1, "0xa101148", 2096.014), (
            read.Vendor, read.Family, read.Model, read.Stepping, read.Microcode, read.ClockMhz));
        Assert.Equal(flags.Contains("avx512f") ? VectorSet.Avx512 : flags.Contains("fma") ? VectorSet.Avx2 : VectorSet.Avx, read.Vectors);
        Assert.Equal(name, MachineInfoReader.ShortName("AMD EPYC", read, 2));
    }

    [Theory]
    [InlineData(0x55, 4, "Skylake")]
    [InlineData(0x55, 7, "Cascade Lake")]
    [InlineData(0x55, 11, "Cooper Lake")]
    [InlineData(0x8F, 8, "Sapphire Rapids")]
    [InlineData(0xFE, 0, null)]
    public void Servers_that_share_a_model_differ_by_stepping(int model, int stepping, string? name) =>
        Assert.Equal(name, Microarchitecture.Of("GenuineIntel", 6, model, stepping));

    [Fact]
    public void A_processor_without_numbers_is_not_described() => Assert.Null(ProcessorModelReader.FromCpuInfo("processor : 0\nBogoMIPS : 50.00\n"));

    [Fact]
    public void The_least_limit_of_all_groups_above_counts_in_version_2()
    {
        using var folder = new TemporaryFolder();
        string inner = Directory.CreateDirectory(folder.File("a/b")).FullName;
        File.WriteAllText(folder.File("a/cpu.max"), "150000 100000\n");
        File.WriteAllText(folder.File("a/b/cpu.max"), "max 100000\n");
        File.WriteAllText(folder.File("a/memory.max"), "max\n");
        File.WriteAllText(Path.Combine(inner, "memory.max"), "1073741824\n");
        var groups = new ControlGroups("0::/a/b", $"30 25 0:26 / {folder.Path} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate");

        Assert.Equal((1.5, 1L << 30), (groups.Processors(), groups.MemoryBytes()));
    }

    [Fact]
    public void Version_1_has_a_folder_for_each_controller_and_writes_no_limit_as_a_number()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("cpu/job"));
        Directory.CreateDirectory(folder.File("memory"));
        File.WriteAllText(folder.File("cpu/job/cpu.cfs_quota_us"), "50000\n");
        File.WriteAllText(folder.File("cpu/job/cpu.cfs_period_us"), "100000\n");
        File.WriteAllText(folder.File("cpu/cpu.cfs_quota_us"), "-1\n");
        File.WriteAllText(folder.File("cpu/cpu.cfs_period_us"), "100000\n");
        File.WriteAllText(folder.File("memory/memory.limit_in_bytes"), "9223372036854771712\n");
        var groups = new ControlGroups(
            "4:memory:/\n1:cpu,cpuacct:/docker/7/job",
            $"31 30 0:28 /docker/7 {folder.File("cpu")} rw - cgroup cgroup rw,cpu,cpuacct\n34 30 0:31 / {folder.File("memory")} rw - cgroup cgroup rw,memory");

        Assert.Equal((0.5, null), (groups.Processors(), groups.MemoryBytes()));
    }

    [Theory]
    [InlineData("OPENBLAS_CORETYPE", true, true)]
    [InlineData("GLIBC_TUNABLES", true, true)]
    [InlineData("DOTNET_TieredPGO", true, true)]
    [InlineData("DOTNET_gcServer", true, true)]
    [InlineData("COMPlus_EnableAVX2", true, true)]
    [InlineData("DOTNET_PROCESSOR_COUNT", true, true)]
    [InlineData("CORECLR_PROFILER_PATH", true, true)]
    [InlineData("LD_LIBRARY_PATH", true, false)]
    [InlineData("CUDA_VISIBLE_DEVICES", true, false)]
    [InlineData("DOTNET_ROOT", false, false)]
    [InlineData("DOTNET_CLI_HOME", false, false)]
    [InlineData("TOX_TESTENV_PASSENV", false, false)]
    [InlineData("PATH", false, false)]
    public void Variables_that_say_where_something_is_are_recorded_and_kept(string name, bool isRecorded, bool isRemoved) =>
        Assert.Equal((isRecorded, isRemoved), (SteeringVariables.IsSteering(name), SteeringVariables.IsRemovable(name)));
}

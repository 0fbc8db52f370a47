using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Bench;
using Kernels.Measurement.Machine;
using Kernels.Results;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Measurement;

public class MachineInfoTests
{
    [Theory]
    [InlineData("AMD EPYC", 2, "amd-epyc-2c")]
    [InlineData("AMD EPYC 9354 32-Core Processor", 64, "amd-epyc-9354-64c")]
    [InlineData("Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", 4, "intel-xeon-platinum-8370c-4c")]
    [InlineData("AMD Ryzen 7 7840U w/ Radeon 780M Graphics", 16, "amd-ryzen-7-7840u-16c")]
    [InlineData("Apple M4 Pro", 12, "apple-m4-pro-12c")]
    [InlineData("../../etc", 1, "etc-1c")]
    [InlineData("?", 1, "unknown-1c")]
    public void The_short_name_is_fit_for_a_folder(string processor, int cores, string expected) =>
        Assert.Equal(expected, MachineInfoReader.ShortName(processor, model: null, cores));

    [Fact]
    public void This_machine_can_be_described()
    {
        MachineInfo machine = ThisMachine.Read();

        Assert.NotEmpty(machine.Processor);
        Assert.Equal(Environment.ProcessorCount, machine.Cores);
        Assert.True(machine.MemoryBytes > 0);
        Assert.StartsWith(".NET", machine.Runtime);
        Assert.All(machine.CacheBytes.Values, bytes => Assert.InRange(bytes, 1024, 1L << 33));
        Assert.Contains("TieredPGO", machine.RuntimeSettings.Keys);
        Assert.Contains("GC.ServerGC", machine.RuntimeSettings.Keys);
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(Environment.ProcessorCount, ProcessEnvironment.Count(machine.Environment!.AllowedProcessors));
            Assert.StartsWith("Linux ", machine.Kernel);
            Assert.True(machine.Environment.LoadAverage >= 0);
        }
        if (machine.Model?.Microarchitecture is { } design)
            Assert.Contains(design.ToLowerInvariant().Replace(" ", ""), machine.Name);
    }

    [Fact]
    public void Instruction_sets_are_those_of_the_just_in_time_compiler()
    {
        IReadOnlyList<string> sets = ThisMachine.Read().InstructionSets;

        Assert.Equal(Vector512.IsHardwareAccelerated && Avx512F.IsSupported, sets.Contains("AVX-512F"));
        Assert.Equal(Avx2.IsSupported, sets.Contains("AVX2"));
        Assert.Equal(Fma.IsSupported, sets.Contains("FMA"));
    }

    [Fact]
    public void Cache_sizes_are_read_from_the_layout_of_Linux()
    {
        using var folder = new TemporaryFolder();
        foreach ((string index, string level, string type, string size) in new[]
        {
            ("index0", "1", "Data", "48K"), ("index1", "1", "Instruction", "32K"), ("index2", "2", "Unified", "2M"), ("index3", "3", "Unified", "nonsense"),
        })
        {
            string cache = Directory.CreateDirectory(folder.File(index)).FullName;
            File.WriteAllText(Path.Combine(cache, "level"), level + "\n");
            File.WriteAllText(Path.Combine(cache, "type"), type + "\n");
            File.WriteAllText(Path.Combine(cache, "size"), size + "\n");
        }

        Assert.Equal(new Dictionary<string, long> { ["L1"] = 48 << 10, ["L2"] = 2 << 20 }, CacheSizes.FromFolder(folder.Path));
        Assert.Empty(CacheSizes.FromFolder(folder.File("absent")));
    }

    [Fact]
    public void The_revision_is_that_of_the_sources_wherever_the_program_runs()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")), "The sources are no checkout.");
        string revision = Assert.IsType<string>(GitRevision.OfBuild);

        Assert.Matches(@"^[0-9a-f]{12}(\+changes)?$", revision);
        Assert.Equal("commit", CommandOutput.FirstLine("git", "-C", Repository.Root, "cat-file", "-t", revision[..12]));
    }

    [Fact]
    public void A_command_that_is_not_there_prints_nothing() =>
        Assert.Empty(CommandOutput.Lines("kernels-no-such-command"));
}

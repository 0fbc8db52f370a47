using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What can be read off the committed PTX without running it.</summary>
[RunsOnce]
public class PtxTextTests
{
    private static readonly CudaEntry[] entries =
    [
        .. CudaEntries.HeadDims.SelectMany(d => InterpretedKernel.All.Select(kernel => kernel.Entry(d)).Append(CudaEntries.DecodeCombine(d))),
        CudaEntries.PeakFma, CudaEntries.PeakMma, CudaEntries.PeakWgmma,
    ];

    // The oldest versions with mma.m16n8k16 and cp.async (7.0, CUDA 11.0), and with wgmma (8.0, CUDA 12.0).
    [Theory]
    [InlineData("sm_80", "7.0")]
    [InlineData("sm_90a", "8.0")]
    public void Each_target_asks_for_the_oldest_driver_that_will_do(string target, string version)
    {
        PtxModule module = PtxModule.Parse(CudaSource.Ptx(target));

        Assert.Equal(version, module.Version);
        Assert.Equal(target, module.Target);
    }

    [Fact]
    public void Targets_differ_in_their_headers_only()
    {
        string[] texts = [.. CudaSource.Targets.Select(target => Regex.Replace(CudaSource.Ptx(target), @"\.(version|target) \S+", ""))];

        Assert.All(texts, text => Assert.Equal(texts[0], text));
    }

    [Fact]
    public void Nothing_is_spilled_to_local_memory_and_nothing_is_called()
    {
        string code = string.Join('\n', CudaModule.Text.Split('\n').Select(line => line.Split("//")[0]));

        Assert.DoesNotMatch(@"\.local|\.func|\bcall\b|\balloca\b", code);
    }

    [Fact]
    public void Every_entry_takes_the_threads_and_parameters_that_the_host_gives()
    {
        Assert.Equal(entries.Select(entry => entry.Name).Order(), CudaModule.Module.Entries.Keys.Order());
        Assert.All(entries, entry => Assert.Equal(entry.Threads, CudaModule.Entry(entry).MaxThreads));
    }

    [Fact]
    public void The_interpreter_knows_exactly_the_opcodes_that_are_used()
    {
        IEnumerable<string> used = CudaModule.Module.Entries.Values.SelectMany(entry => entry.Statements).Select(statement => statement.Opcode);

        Assert.Equal(OpcodeTable.Opcodes.Except(IlgpuOpcodes.All.Keys).Order(), used.Distinct().Order());
    }

    /// <summary>Tensor cores and asynchronous copies do the work that they are there for.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void The_half_kernel_multiplies_on_tensor_cores_only(int headDim)
    {
        string[] opcodes = [.. CudaModule.Entry(CudaEntries.FlashMma(Element.Float16, headDim)).Statements.Select(statement => statement.Opcode)];

        Assert.Contains(opcodes, opcode => opcode.StartsWith("mma.", StringComparison.Ordinal));
        Assert.Contains(opcodes, opcode => opcode.StartsWith("cp.async.cg", StringComparison.Ordinal));
        Assert.DoesNotContain(opcodes, opcode => opcode.StartsWith("ld.global", StringComparison.Ordinal));
    }

    [Fact]
    public void Resources_are_the_files_of_the_folder()
    {
        string[] headers = [.. Repository.Sources("src/Kernels.Gpu/Cuda", "*.cuh").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        Assert.Equal(headers, CudaSource.Headers);
        Assert.All(
            Regex.Matches(CudaSource.Read(CudaSource.MainFile), "#include \"([^\"]+)\"").Select(include => include.Groups[1].Value),
            header => Assert.Contains(header, headers));
        Assert.Throws<ArgumentException>(() => CudaSource.Read("none.cuh"));
    }
}

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
        .. CudaEntries.HeadDims.SelectMany(d => InterpretedKernel.All.Select(kernel => kernel.Entry(d))),
        .. CudaEntries.HeadDims.Select(CudaEntries.DecodeCombine),
        .. BackwardRun.Entries(Element.Float32, Element.Float16, Element.BFloat16),
        CudaEntries.PeakFma, CudaEntries.PeakMma, CudaEntries.PeakWgmma,
    ];

    // In code of compute capability 9.0 only.
    private static readonly string[] newer = [.. entries.Select(entry => entry.Name).Where(name => name.Contains("wgmma"))];

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

    /// <summary>What both targets have is the same, register by register, so that what the tests run is what either device gets.</summary>
    [Fact]
    public void Entries_of_both_targets_are_the_same()
    {
        string[] different =
        [
            .. entries.Select(entry => entry.Name).Except(newer).Where(name => Body("sm_80", name) != Body("sm_90a", name)),
        ];

        Assert.Empty(different);
        Assert.Equal(entries.Select(entry => entry.Name).Except(newer).Order(), PtxModule.Parse(CudaSource.Ptx("sm_80")).Entries.Keys.Order());
    }

    [Fact]
    public void Nothing_is_spilled_to_local_memory_and_nothing_is_called()
    {
        foreach (string target in CudaSource.Targets)
            Assert.DoesNotMatch(@"\.local|\.func|\bcall\b|\balloca\b", WithoutComments(CudaSource.Ptx(target)));
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
        IEnumerable<string> used = CudaSource.Targets.SelectMany(target => PtxModule.Parse(CudaSource.Ptx(target)).Entries.Values)
            .SelectMany(entry => entry.Statements).Select(statement => statement.Opcode);

        Assert.Equal(OpcodeTable.Opcodes.Except(IlgpuOpcodes.All.Keys).Order(), used.Distinct().Order());
    }

    /// <summary>Tensor cores and asynchronous copies do the work that they are there for; what is loaded is a state to be joined.</summary>
    [Theory]
    [InlineData("f16", "mma.")]
    [InlineData("bf16", "mma.")]
    [InlineData("wgmma-f16", "wgmma.mma_async.")]
    [InlineData("wgmma-bf16", "wgmma.mma_async.")]
    [InlineData("decode-f16", "mma.")]
    public void Kernels_of_halves_multiply_on_tensor_cores_only(string kernel, string product)
    {
        foreach (int headDim in CudaEntries.HeadDims)
        {
            string[] opcodes = [.. CudaModule.Entry(InterpretedKernel.Of(kernel).Entry(headDim)).Statements.Select(statement => statement.Opcode)];

            Assert.Contains(opcodes, opcode => opcode.StartsWith(product, StringComparison.Ordinal));
            Assert.Contains(opcodes, opcode => opcode.StartsWith("cp.async.cg", StringComparison.Ordinal));
            // Inputs have 16 bits, so that what is loaded otherwise is the row that a step joins.
            Assert.All(opcodes.Where(opcode => opcode.StartsWith("ld.global", StringComparison.Ordinal)), opcode => Assert.EndsWith(".f32", opcode));
        }
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

    private static string Body(string target, string entry)
    {
        string text = WithoutComments(CudaSource.Ptx(target));
        int begin = text.IndexOf($".entry {entry}(", StringComparison.Ordinal), end = text.IndexOf(".visible", begin, StringComparison.Ordinal);
        // Labels are numbered through the file.
        return Regex.Replace(text[begin..(end < 0 ? text.Length : end)], @"\$L__BB\d+_", "$L_").TrimEnd();
    }

    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Split("//")[0].TrimEnd()).Where(line => line != ""));
}

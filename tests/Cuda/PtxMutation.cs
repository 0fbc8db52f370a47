using System.Globalization;
using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The committed PTX of one entry, whole or with one fault put into it.</summary>
internal sealed class PtxMutation
{
    public const string Barrier = @"bar\.sync[^;]*;";
    public const string CopyWait = @"cp\.async\.wait_group\s+(\d+);";
    public const string CopyCommit = @"cp\.async\.commit_group;";

    /// <summary>The comparison of a row with the number of rows, whose result is the size of a copy.</summary>
    public const string RowCheck = @"setp\.lt\.s32\s+(%p\d+), ([^;]*);(?=(?:[^;]*;){0,12}?\s*selp\.b32\s+%r\d+, 16, 0, \1;)";

    // Fragments: left factor {a0 … a3}, right factor {b0, b1}.
    public const string LeftFactor = @"(mma\S+ \{[^}]*\}, )\{(%r\d+), (%r\d+), ";
    public const string RightFactor = @"(mma\S+ \{[^}]*\}, \{[^}]*\}, )\{(%r\d+), (%r\d+)\}";
    public const string Transposed = @"(ldmatrix\.sync\.aligned\.m8n8\.x4)\.trans";

    private readonly string header, body, name;

    public PtxMutation(CudaEntry entry)
    {
        name = entry.Name;
        header = CudaModule.Text[..CudaModule.Text.IndexOf(".visible .entry", StringComparison.Ordinal)];
        Match found = Regex.Match(CudaModule.Text, $@"\.visible \.entry {name}\((?s:.*?)\n\}}(?=\s*(//(?! end inline asm)|$))");
        body = found.Success ? found.Value : throw new ArgumentException($"There is no entry {name}.");
    }

    /// <summary>The places of each entry where a fault can be put, or every so many of them.</summary>
    public static TheoryData<string, int> Places(IEnumerable<CudaEntry> entries, string pattern, int step = 1)
    {
        var places = new TheoryData<string, int>();
        foreach (CudaEntry entry in entries)
        {
            int count = new PtxMutation(entry).Places(pattern).Count;
            for (int index = 0; index < count; index += step)
                places.Add(entry.Name, index);
        }
        return places;
    }

    /// <summary>The groups that wait number <paramref name="index"/> of an entry leaves pending.</summary>
    public static int Pending(CudaEntry entry, string wait, int index) =>
        int.Parse(new PtxMutation(entry).Places(wait)[index].Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>The places where a fault can be put.</summary>
    public MatchCollection Places(string pattern) => Regex.Matches(body, pattern);

    /// <summary>Replaces the place number <paramref name="index"/>; the entry stands alone in the module.</summary>
    public PtxModule Replace(string pattern, int index, string replacement)
    {
        Match place = Places(pattern)[index];
        string changed = place.Result(replacement);
        if (changed == place.Value)
            throw new ArgumentException($"{replacement} changes nothing in {place.Value}.");
        return PtxModule.Parse(header + body[..place.Index] + changed + body[(place.Index + place.Length)..]);
    }

    /// <summary>Runs an entry on zeros of a shape.</summary>
    public static void Run(string entry, PtxModule? module, string shape)
    {
        (InterpretedKernel kernel, int headDim) = InterpretedKernel.OfEntry(entry);
        AttentionProblem problem = ProblemName.Parse($"b1-h1-{shape}-d{headDim}");
        using Inputs zeros = new(problem, Operations.Softmax.Operands(problem, Format.Float32));
        // Decoding on tensor cores begins with several tiles of one part.
        var run = new CudaRun(kernel, problem, module) { Splits = kernel.OnTensorCores ? 1 : 2 };
        if (kernel.Decodes)
            run.Parts(zeros);
        else
            run.Outputs(zeros);
    }

    /// <summary>The complaint on the first of the shapes that shows a fault; null when none does.</summary>
    public static PtxException? Complaint(string entry, string pattern, int index, string replacement, string[] shapes)
    {
        (InterpretedKernel kernel, int headDim) = InterpretedKernel.OfEntry(entry);
        PtxModule module = new PtxMutation(kernel.Entry(headDim)).Replace(pattern, index, replacement);
        PtxException? complaint = null;
        foreach (string shape in shapes)
            complaint ??= Record.Exception(() => Run(entry, module, shape)) as PtxException;
        return complaint;
    }

    /// <summary>With a fault in it, the entry is complained about on the first of the shapes that shows it, for one of the reasons expected.</summary>
    public static void AssertComplains(string entry, string pattern, int index, string replacement, string[] shapes, params PtxComplaint[] expected)
    {
        PtxException? complaint = Complaint(entry, pattern, index, replacement, shapes);
        Assert.NotNull(complaint);
        Assert.True(expected.Contains(complaint.Complaint), $"{complaint.Complaint}: {complaint.Message}");
    }
}

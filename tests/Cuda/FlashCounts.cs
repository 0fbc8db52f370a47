using System.Globalization;
using System.Text;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>
/// What one block of a prefill entry does for a whole tile of queries that see all keys, counted for <see cref="Keys"/> keys and for
/// twice as many: the difference is what so many keys cost, without beginning and end.
/// </summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="HeadDim">Its channels.</param>
internal sealed record FlashCounts(InterpretedKernel Kernel, int HeadDim)
{
    public const int Keys = 256;

    // A multiprocessor's KiB, of which 1 is reserved for each block (CUDA C++ Programming Guide, "Compute Capabilities").
    private const int SharedOf80 = 164, SharedOf90 = 228, Reserved = 1;

    // Of a multiprocessor: 16 powers a clock, that is two clocks for a warp (Programming Guide, "Arithmetic Instructions"); four warps issue an instruction
    // each.
    private const double ClocksOfExponential = 2, IssuedOfClock = 4;

    private readonly Lazy<LaunchCounts> once = new(() => Count(Kernel, HeadDim, Keys)), twice = new(() => Count(Kernel, HeadDim, 2 * Keys));

    /// <summary>The entry.</summary>
    public CudaEntry Entry => Kernel.Entry(HeadDim);

    /// <summary>Keys of a tile.</summary>
    public int TileKeys => Kernel.TileKeys(HeadDim);

    /// <summary>All entries, in the order of the table of docs/cuda.md.</summary>
    public static IReadOnlyList<FlashCounts> All { get; } =
    [
        .. new[] { "f32", "f16", "bf16", "wgmma-f16", "wgmma-bf16" }.SelectMany(
            name => CudaEntries.HeadDims.Select(headDim => new FlashCounts(InterpretedKernel.Of(name), headDim))),
    ];

    // Of compute capability 8.0, 1024 multiply-adds of halves a clock (A100 whitepaper) and 64 float32 operations (Programming Guide); of 9.0, the only one
    // with products of warpgroups, twice as many of both (H100 whitepaper).
    private double MatrixClocks => Kernel.OnTensorCores ? 2.0 * Scores * HeadDim / (Kernel.ByWarpgroups ? 2048 : 1024) : 0;

    private double FloatsOfClock => Kernel.ByWarpgroups ? 4 : 2;

    /// <summary>Scores of so many keys.</summary>
    public long Scores => (long)Entry.TileRows * Keys;

    /// <summary>What as many keys more cost.</summary>
    public LineCounts MoreKeys => twice.Value.All - once.Value.All;

    /// <summary>What as many keys more cost in instructions of one kind.</summary>
    public long MoreOf(InstructionKind kind) => twice.Value.Of(kind).Issued - once.Value.Of(kind).Issued;

    /// <summary>What as many keys more cost in the lines whose opcode begins so.</summary>
    public LineCounts More(string opcode) => twice.Value.Of(opcode) - once.Value.Of(opcode);

    /// <summary>The tables of docs/cuda.md.</summary>
    public static string Markdown()
    {
        InstructionKind[] kinds = [.. Enum.GetValues<InstructionKind>().Where(kind => All.Any(counts => counts.MoreOf(kind) > 0))];
        var text = new StringBuilder();
        AppendRow(
            text, "entry", "threads", "query rows", "KiB shared", "blocks of a multiprocessor, 8.0", "9.0", "global sectors / 1000 scores",
            "turns of shared memory / 1000 scores", "conflicts");
        AppendRow(text, [.. Enumerable.Repeat("---", 9)]);
        foreach (FlashCounts counts in All)
        {
            int shared = counts.Entry.SharedBytes >> 10;
            AppendRow(
                text, $"`{counts.Entry.Name}`", $"{counts.Entry.Threads}", $"{counts.Entry.TileRows}", $"{shared}",
                counts.Kernel.ByWarpgroups ? "" : $"{SharedOf80 / (shared + Reserved)}",
                $"{SharedOf90 / (shared + Reserved)}", counts.PerThousand(counts.MoreKeys.Sectors),
                counts.PerThousand(counts.MoreKeys.Wavefronts), $"{counts.MoreKeys.Conflicts}");
        }
        text.Append('\n');
        AppendRow(text, ["instructions of a warp / 1000 scores", .. kinds.Select(Name), "all"]);
        AppendRow(text, [.. Enumerable.Repeat("---", kinds.Length + 2)]);
        foreach (FlashCounts counts in All)
        {
            AppendRow(
                text,
                [
                    $"`{counts.Entry.Name}`", .. kinds.Select(kind => counts.PerThousand(counts.MoreOf(kind))),
                    counts.PerThousand(counts.MoreKeys.Issued),
                ]);
        }
        text.Append('\n');
        AppendRow(text, "clocks of a multiprocessor / 1000 scores, at least", "of", "tensor cores", "ex2", "float", "shared memory", "issue");
        AppendRow(text, [.. Enumerable.Repeat("---", 7)]);
        foreach (FlashCounts counts in All)
        {
            AppendRow(
                text, $"`{counts.Entry.Name}`", counts.Kernel.ByWarpgroups ? "9.0" : "8.0",
                counts.PerThousand(counts.MatrixClocks),
                counts.PerThousand(ClocksOfExponential * counts.MoreOf(InstructionKind.Exponential)),
                counts.PerThousand(counts.MoreOf(InstructionKind.Float) / counts.FloatsOfClock), counts.PerThousand(counts.MoreKeys.Wavefronts),
                counts.PerThousand((counts.MoreKeys.Issued - counts.MoreOf(InstructionKind.Move)) / IssuedOfClock));
        }
        return text.ToString();
    }

    private static LaunchCounts Count(InterpretedKernel kernel, int headDim, int keys)
    {
        var problem = new AttentionProblem(1, 1, 1, kernel.Entry(headDim).TileRows, keys, headDim);
        var counts = new LaunchCounts();
        using Inputs zeros = new(problem, Operations.Softmax.Operands(problem, Format.Float32));
        new CudaRun(kernel, problem) { Counts = counts }.Outputs(zeros);
        return counts;
    }

    private static string Name(InstructionKind kind) => kind switch
    {
        InstructionKind.Matrix => "mma or wgmma",
        InstructionKind.MatrixLoad => "ldmatrix",
        InstructionKind.Exponential => "ex2",
        InstructionKind.Copy => "cp.async",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private string PerThousand(double count) => (count * 1000 / Scores).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Adds a row of a table.</summary>
    public static void AppendRow(StringBuilder text, params string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}

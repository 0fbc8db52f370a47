using System.Globalization;
using System.Text;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>
/// What one block of a backward entry does for a whole tile of rows that see all columns, counted for <see cref="Columns"/> columns and for twice as many:
/// the difference is what so many cost, without beginning and end.
/// </summary>
internal static class BackwardCounts
{
    private const int Columns = 128;

    // Of a multiprocessor of compute capability 9.0: 128 multiply-adds a clock, four instructions of a warp (Programming Guide, "Arithmetic Instructions").
    private const double MultiplyAdds = 128, IssuedOfClock = 4;

    /// <summary>Both launches of a problem.</summary>
    public static (LaunchCounts Queries, LaunchCounts Keys) Of(AttentionProblem problem)
    {
        (LaunchCounts, LaunchCounts) counts = (new(), new());
        using Inputs zeros = new(problem, Operations.SoftmaxBackward.Operands(problem, Format.Float32));
        new BackwardRun(problem) { Counts = counts }.Gradients(zeros);
        return counts;
    }

    /// <summary>The table of docs/cuda.md.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        FlashCounts.AppendRow(
            text, "entry", "threads", "rows", "KiB shared", "global sectors", "conflicts", "clocks: float", "shared memory", "issue",
            "for the gradients alone");
        FlashCounts.AppendRow(text, [.. Enumerable.Repeat("---", 10)]);
        foreach (int headDim in CudaEntries.HeadDims)
        {
            Append(text, CudaEntries.BackwardQueries(headDim), headDim, (rows, columns) => Of(new(1, 1, 1, rows, columns, headDim)).Queries, products: 1);
            Append(text, CudaEntries.BackwardKeys(headDim), headDim, (rows, columns) => Of(new(1, 1, 1, columns, rows, headDim)).Keys, products: 4);
        }
        return text.ToString();
    }

    // products: those among the five of the operation, of which each pair's two first are done again for dQ.
    private static void Append(StringBuilder text, CudaEntry entry, int headDim, Func<int, int, LaunchCounts> count, int products)
    {
        LaunchCounts once = count(entry.TileRows, Columns), twice = count(entry.TileRows, 2 * Columns);
        LineCounts more = twice.All - once.All;
        FlashCounts.AppendRow(
            text, $"`{entry.Name}`", $"{entry.Threads}", $"{entry.TileRows}", $"{entry.SharedBytes >> 10}", PerThousand(more.Sectors), $"{more.Conflicts}",
            PerThousand(More(InstructionKind.Float) / IssuedOfClock), PerThousand(more.Wavefronts),
            PerThousand((more.Issued - More(InstructionKind.Move)) / IssuedOfClock),
            PerThousand((double)products * headDim * entry.TileRows * Columns / MultiplyAdds));

        long More(InstructionKind kind) => twice.Of(kind).Issued - once.Of(kind).Issued;

        string PerThousand(double number) => (number * 1000 / (entry.TileRows * Columns)).ToString("0.#", CultureInfo.InvariantCulture);
    }
}

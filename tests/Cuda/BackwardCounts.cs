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

    // Of a multiprocessor of compute capability 9.0: 128 multiply-adds of floats and 2048 of halves a clock, of which mma reaches 1024 for sure, as at 8.0;
    // 16 powers; four instructions of a warp (Programming Guide, "Arithmetic Instructions"; A100 and H100 whitepapers).
    private const double MultiplyAdds = 128, HalfMultiplyAdds = 1024, ClocksOfExponential = 2, IssuedOfClock = 4;

    private static readonly Element[] elements = [Element.Float32, Element.Float16, Element.BFloat16];

    /// <summary>Both launches of a problem.</summary>
    public static (LaunchCounts Queries, LaunchCounts Keys) Of(Element element, AttentionProblem problem)
    {
        (LaunchCounts, LaunchCounts) counts = (new(), new());
        using Inputs zeros = new(problem, Operations.SoftmaxBackward.Operands(problem, Format.Float32));
        new BackwardRun(element, problem) { Counts = counts }.Gradients(zeros);
        return counts;
    }

    /// <summary>The table of docs/cuda.md.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        FlashCounts.AppendRow(
            text, "entry", "threads", "rows", "KiB shared", "global sectors", "conflicts", "clocks: products", "ex2", "float", "shared memory", "issue",
            "for the gradients alone");
        FlashCounts.AppendRow(text, [.. Enumerable.Repeat("---", 12)]);
        foreach (Element element in elements)
            foreach (int headDim in CudaEntries.HeadDims)
            {
                Append(
                    text, element, CudaEntries.BackwardQueries(element, headDim), headDim,
                    (rows, columns) => Of(element, new(1, 1, 1, rows, columns, headDim)).Queries, executed: 3, products: 1);
                Append(
                    text, element, CudaEntries.BackwardKeys(element, headDim), headDim,
                    (rows, columns) => Of(element, new(1, 1, 1, columns, rows, headDim)).Keys, executed: 4, products: 4);
            }
        return text.ToString();
    }

    // products: those among the five of the operation, of which each pair's two first are done again for dQ.
    private static void Append(
        StringBuilder text, Element element, CudaEntry entry, int headDim, Func<int, int, LaunchCounts> count, int executed, int products)
    {
        LaunchCounts once = count(entry.TileRows, Columns), twice = count(entry.TileRows, 2 * Columns);
        LineCounts more = twice.All - once.All;
        double ofProduct = (double)headDim * entry.TileRows * Columns / (element == Element.Float32 ? MultiplyAdds : HalfMultiplyAdds);
        FlashCounts.AppendRow(
            text, $"`{entry.Name}`", $"{entry.Threads}", $"{entry.TileRows}", (entry.SharedBytes / 1024.0).ToString("0.#", CultureInfo.InvariantCulture),
            PerThousand(more.Sectors), $"{more.Conflicts}", PerThousand(executed * ofProduct),
            PerThousand(ClocksOfExponential * More(InstructionKind.Exponential)), PerThousand(More(InstructionKind.Float) / IssuedOfClock),
            PerThousand(more.Wavefronts), PerThousand((more.Issued - More(InstructionKind.Move)) / IssuedOfClock), PerThousand(products * ofProduct));

        long More(InstructionKind kind) => twice.Of(kind).Issued - once.Of(kind).Issued;

        string PerThousand(double number) => (number * 1000 / (entry.TileRows * Columns)).ToString("0.#", CultureInfo.InvariantCulture);
    }
}

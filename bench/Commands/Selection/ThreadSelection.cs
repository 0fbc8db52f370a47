using System.Globalization;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Numbers of threads.</summary>
public static class ThreadSelection
{
    // More threads than processors can be useful; thousands only exhaust the machine.
    private static readonly int most = Math.Max(256, Environment.ProcessorCount);

    /// <summary>
    /// Numbers of threads in ascending order: <c>1,2</c>, where <c>all</c> is the number of processors that the process may use. One
    /// and all when null.
    /// </summary>
    /// <exception cref="UserError">An item is neither a number from 1 nor <c>all</c>.</exception>
    public static IReadOnlyList<int> Parse(string? text) =>
        [.. CommaList.Split(SelectionOptions.ThreadsName, text ?? "1,all").Select(Item).Distinct().Order()];

    /// <summary>One number of threads.</summary>
    /// <exception cref="UserError">It is not a number, or several.</exception>
    public static int One(string text) => Item(text.Trim().ToLowerInvariant());

    private static int Item(string item)
    {
        if (item == "all")
            return Environment.ProcessorCount;
        return int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads >= 1 && threads <= most
            ? threads
            : throw new UserError(
                $"'{OneLine.Quote(item)}' is not a number of threads; write {SelectionOptions.ThreadsName} 1,2 or all, at most {most}.");
    }
}

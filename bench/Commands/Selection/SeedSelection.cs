using System.Globalization;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Seeds of random inputs.</summary>
public static class SeedSelection
{
    /// <summary>Whole numbers from 0, separated by commas; 1 when nothing is given.</summary>
    /// <exception cref="UserError">An item is not a seed.</exception>
    public static IReadOnlyList<int> Parse(string? text) => [.. CommaList.Split("--seeds", text ?? "1").Select(Item).Distinct()];

    private static int Item(string item) =>
        int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw new UserError($"'{OneLine.Quote(item)}' is not a seed; write --seeds 1,2,3.");
}

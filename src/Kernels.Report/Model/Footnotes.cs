
namespace Kernels.Report.Model;

/// <summary>Numbers reasons in order of appearance; equal reasons share a number.</summary>
public sealed class Footnotes
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    /// <summary>The reasons; the first has number 1.</summary>
    public IReadOnlyList<string> Reasons => [.. numbers.OrderBy(entry => entry.Value).Select(entry => entry.Key)];

    /// <summary>The number of a reason.</summary>
    public int Number(string reason)
    {
        if (!numbers.TryGetValue(reason, out int number))
            numbers[reason] = number = numbers.Count + 1;
        return number;
    }
}

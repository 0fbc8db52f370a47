using System.Globalization;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Sequence lengths chosen by number or range.</summary>
public static class LengthSelection
{
    /// <summary>
    /// Lengths in ascending order: <c>128,256,1000</c> as written; <c>128..4096</c> both ends and the powers of two between them.
    /// </summary>
    /// <exception cref="UserError">A length is not a positive number, or a range ends before it begins.</exception>
    public static IReadOnlyList<int> Parse(string text) =>
        [.. CommaList.Split(SelectionOptions.LengthsName, text).SelectMany(Item).Distinct().Order()];

    private static IEnumerable<int> Item(string item)
    {
        if (item.Split("..") is not [string first, string last])
            return [Number(item)];
        if (first == "" || last == "")
            throw new UserError($"The range '{OneLine.Quote(item)}' of {SelectionOptions.LengthsName} needs a length at both ends, such as 128..4096.");
        (int begin, int end) = (Number(first), Number(last));
        if (end < begin)
            throw new UserError($"The range '{OneLine.Quote(item)}' of {SelectionOptions.LengthsName} ends before it begins.");
        return Enumerable.Range(0, 31).Select(bit => 1 << bit).Where(power => power > begin && power < end).Append(begin).Append(end);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new UserError(
                $"'{OneLine.Quote(text)}' is not a sequence length; write {SelectionOptions.LengthsName} 128..4096 or 128,256,1000.");
}

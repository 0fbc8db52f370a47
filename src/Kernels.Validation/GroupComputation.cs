using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// Computes the rows of one group of outputs, block by block, and splits them into outputs; only gold where the errors of plain float32 are known.
/// </summary>
internal static class GroupComputation
{
    public static IEnumerable<OutputExpectation> Run(
        OperationReference reference, Inputs inputs, ImmutableArray<Operand> operands, int group, ReferenceRows rows, Element products,
        Func<int, PlainErrors?> known)
    {
        int[] places = [.. reference.Operation.OutputGroups[group]], widths = [.. places.Select(place => operands[place].Layout.Channels)];
        int width = widths.Sum();
        int[] begins = [.. widths.Select((_, i) => widths.Take(i).Sum())];
        double[][] gold = [.. widths.Select(each => new double[checked(rows.Count * each)])];
        PlainErrors?[] errors = [.. places.Select(known)];
        bool isKnown = !errors.Contains(null);
        ReferenceRow[][] computed = [.. places.Select(_ => new ReferenceRow[isKnown ? 0 : rows.Count])];
        Parallel.ForEach(Blocks(reference, inputs.Problem, group, rows), each =>
        {
            (RowBlock block, int first) = each;
            int count = block.Tokens.Length;
            double[] values = new double[count * width];
            // A single head whose rows share work would use only one processor.
            Task<float[][]>? aside = count == rows.Count && !isKnown ? Task.Run(() => reference.Plain(inputs, block, products)) : null;
            reference.Gold(inputs, block, values);
            if (reference.Contradiction(inputs, block, values) is { } contradiction)
                throw new ReferenceException(contradiction);
            for (int row = 0; row < count; row++)
            {
                for (int i = 0; i < places.Length; i++)
                    values.AsSpan(row * width + begins[i], widths[i]).CopyTo(gold[i].AsSpan((first + row) * widths[i], widths[i]));
            }
            if (isKnown)
                return;
            double[] expected = reference.ExpectedError(inputs, block, products, values);
            float[][] ways = aside?.GetAwaiter().GetResult() ?? reference.Plain(inputs, block, products);
            for (int row = 0; row < count; row++)
            {
                for (int i = 0; i < places.Length; i++)
                    computed[i][first + row] = ReferenceRow.Of(gold[i].AsSpan((first + row) * widths[i], widths[i]), ways, expected, row * width + begins[i]);
            }
        });
        return places.Select((place, i) => new OutputExpectation(place, operands[place], rows, gold[i], errors[i] ?? PlainErrors.Of(rows, computed[i])));
    }

    /// <summary>Rows that are computed together: those of a head where they share work, otherwise single rows.</summary>
    private static IEnumerable<(RowBlock Block, int First)> Blocks(OperationReference reference, Problem problem, int group, ReferenceRows rows)
    {
        int first = 0;
        for (int head = 0; head < rows.Heads; head++)
        {
            int[] tokens = rows.OfHead(head).ToArray();
            int size = reference.SharesWork(problem) ? tokens.Length : 1;
            for (int begin = 0; begin < tokens.Length; begin += size)
            {
                yield return (new(group, head, tokens[begin..(begin + size)]), first);
                first += size;
            }
        }
    }
}

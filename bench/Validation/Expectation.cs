using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Validation;

/// <summary>
/// What an output is compared with: the rows of the float64 oracle, and how far plain float32 is from them. It holds for every kernel of
/// the same definition and precision. For half precision both take the inputs rounded to half, and plain float32 rounds its weights too.
/// </summary>
public sealed class Expectation
{
    private readonly double[] gold;
    private readonly double[] headAllowance;
    private readonly int[] firstRow;
    private readonly bool[] baseIsNaN;

    private Expectation(Definition definition, Precision precision, ReferenceRows rows, ReferenceRow[] computed, double[] gold, bool inputsFinite)
    {
        Definition = definition;
        Precision = precision;
        Rows = rows;
        InputsFinite = inputsFinite;
        this.gold = gold;
        int heads = Problem.Batch * Problem.Heads;
        headAllowance = new double[heads];
        firstRow = new int[heads];
        baseIsNaN = [.. computed.Select(row => row.BaseIsNaN)];
        double goldSquares = 0;
        double[] errorSquares = new double[computed[0].BaseSquares.Length];
        int row = 0;
        for (int head = 0; head < heads; head++)
        {
            firstRow[head] = row;
            double baseError = 0, goldMax = 0;
            for (int end = row + rows.OfHead(head).Length; row < end; row++)
            {
                baseError = Math.Max(baseError, computed[row].BaseError);
                goldMax = Math.Max(goldMax, computed[row].GoldMax);
                goldSquares += computed[row].GoldSquares;
                for (int way = 0; way < errorSquares.Length; way++)
                    errorSquares[way] += computed[row].BaseSquares[way];
            }
            headAllowance[head] = ToleranceRule.Allowance(baseError, goldMax);
        }
        GoldSquares = goldSquares;
        BaseNmse = goldSquares > 0 ? errorSquares.Max() / goldSquares : 0;
    }

    /// <summary>The function that was computed.</summary>
    public Definition Definition { get; }

    /// <summary>The format of the numbers that were multiplied.</summary>
    public Precision Precision { get; }

    /// <summary>Shapes, mask and scale.</summary>
    public AttentionProblem Problem => Rows.Problem;

    /// <summary>The rows that were computed.</summary>
    public ReferenceRows Rows { get; }

    /// <summary>Whether all inputs are finite; where they are not, NaN is a permitted answer.</summary>
    public bool InputsFinite { get; }

    /// <summary>Normalised mean square error of plain float32, of the worst of its ways.</summary>
    public double BaseNmse { get; }

    /// <summary>Σ gold² over the computed rows, finite numbers only.</summary>
    internal double GoldSquares { get; }

    /// <summary>Runs the oracle and plain float32 over <paramref name="rows"/>, on all processors.</summary>
    /// <exception cref="InvalidOperationException">The oracle contradicts the closed form of one-hot inputs.</exception>
    public static Expectation Compute(
        Definition definition, AttentionProblem problem, AttentionInputs inputs, ReferenceRows rows, Precision precision = Precision.Single)
    {
        if (precision == Precision.Half && inputs.Precision == Precision.Single)
        {
            using AttentionInputs rounded = inputs.RoundedToHalf();
            return Compute(definition, problem, rounded, rows, precision);
        }
        (int Head, int Query)[] places =
        [
            .. Enumerable.Range(0, problem.Batch * problem.Heads)
                .SelectMany(head => rows.OfHead(head).ToArray().Select(query => (head, query))),
        ];
        int d = problem.HeadDim;
        var gold = new double[checked(places.Length * d)];
        var computed = new ReferenceRow[places.Length];
        var plain = new PlainRows(definition, inputs);
        Parallel.ForEach(Blocks(definition, rows), block =>
        {
            int[] queries = [.. places.Skip(block.First).Take(block.Count).Select(place => place.Query)];
            Span<double> goldRows = gold.AsSpan(block.First * d, block.Count * d);
            if (!problem.Mask.IsContiguous)
            {
                computed[block.First] = UnderPattern(definition, inputs, block.Head, queries[0], goldRows);
                return;
            }
            // A single head whose rows share their work would keep one processor busy only.
            Task<float[][]>? aside = block.Count == places.Length ? Task.Run(() => plain.Compute(block.Head, queries)) : null;
            Oracle.Rows(
                definition, problem, block.Head % problem.Heads, queries, inputs.HeadQ(block.Head), inputs.HeadK(block.Head),
                inputs.HeadV(block.Head), goldRows);
            double[] expected = ExpectedError.Rows(definition, inputs, block.Head, queries, goldRows);
            float[][] ways = aside?.GetAwaiter().GetResult() ?? plain.Compute(block.Head, queries);
            for (int row = 0; row < queries.Length; row++)
                computed[block.First + row] = ReferenceRow.Of(goldRows.Slice(row * d, d), ways, expected, row);
        });
        if (definition == Definition.Softmax && inputs.OneHotKeys is { } keys && problem.Scale != 0)
            RequireClosedForm(inputs, keys, places, gold);
        return new(definition, precision, rows, computed, gold, AllFinite(inputs.Q.Span) && AllFinite(inputs.K.Span) && AllFinite(inputs.V.Span));
    }

    /// <summary>The oracle's row: the one with this number among <see cref="Rows"/> of the head.</summary>
    public ReadOnlySpan<double> Gold(int headIndex, int row) => gold.AsSpan((firstRow[headIndex] + row) * Problem.HeadDim, Problem.HeadDim);

    /// <summary>
    /// Whether a row may be NaN: an input is not finite, or the features of linear attention all underflow, so that plain float32 gives
    /// nothing but NaN there in every way. In softmax attention only scores beyond float32 do that, and a person should hear of them.
    /// </summary>
    public bool MayBeNaN(int headIndex, int row) =>
        !InputsFinite || (Definition != Definition.Softmax && baseIsNaN[firstRow[headIndex] + row]);

    /// <summary>The error that a limit of 1 allows in a head.</summary>
    public double Allowance(int headIndex) => headAllowance[headIndex];

    /// <summary>A row of a pattern: attention over the keys that it shows, and nothing else.</summary>
    private static ReferenceRow UnderPattern(Definition definition, AttentionInputs inputs, int headIndex, int query, Span<double> gold)
    {
        AttentionProblem problem = inputs.Problem;
        ReadOnlySpan<float> q = inputs.HeadQ(headIndex), k = inputs.HeadK(headIndex), v = inputs.HeadV(headIndex);
        if (VisibleTokens.Of(problem, headIndex % problem.Heads, query, q, k, v) is not { } seen)
            return ReferenceRow.Blind;
        using var own = AttentionInputs.From(seen.Problem, seen.Q, seen.K, seen.V);
        Oracle.Row(definition, seen.Problem, 0, seen.Q, seen.K, seen.V, gold);
        float[][] ways = new PlainRows(definition, own).Compute(0, [0]);
        return ReferenceRow.Of(gold, ways, ExpectedError.Rows(definition, own, 0, [0], gold), 0);
    }

    /// <summary>Rows that are computed together: those of a head where they have work in common, otherwise each on its own.</summary>
    private static IEnumerable<(int Head, int First, int Count)> Blocks(Definition definition, ReferenceRows rows)
    {
        int first = 0;
        for (int head = 0; head < rows.Problem.Batch * rows.Problem.Heads; head++)
        {
            int ofHead = rows.OfHead(head).Length, size = Oracle.SharesWork(definition) && rows.Problem.Mask.IsContiguous ? ofHead : 1;
            for (int end = first + ofHead; first < end; first += size)
                yield return (head, first, size);
        }
    }

    private static void RequireClosedForm(AttentionInputs inputs, IReadOnlyList<int> keys, (int Head, int Query)[] places, double[] gold)
    {
        AttentionProblem problem = inputs.Problem;
        for (int row = 0; row < places.Length; row++)
        {
            (int batch, int head) = Math.DivRem(places[row].Head, problem.Heads);
            int key = keys[places[row].Head * problem.Queries + places[row].Query];
            int kvRow = (batch * problem.KvHeads + problem.KvHead(head)) * problem.Keys + key;
            for (int c = 0; c < problem.HeadDim && key >= 0; c++)
            {
                float value = inputs.V.Span[kvRow * problem.HeadDim + c];
                if (gold[row * problem.HeadDim + c] != value)
                    throw new InvalidOperationException($"The oracle contradicts the closed form of one-hot attention on {problem}.");
            }
        }
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }
}

using System.Globalization;
using Kernels.Abstractions;
using Kernels.Bench.Results;

namespace Kernels.Bench.Validation;

/// <summary>Compares one output with the oracle, number by number.</summary>
internal sealed class OutputCheck
{
    private readonly Expectation reference;
    private readonly double limit;
    private readonly double[] headError;
    private readonly long[] headWorst;
    private double errorSquares;
    private FailureKind? failure;
    private string? message;

    private OutputCheck(Expectation reference, double limit)
    {
        this.reference = reference;
        this.limit = limit;
        headError = new double[reference.Problem.Batch * reference.Problem.Heads];
        headWorst = new long[headError.Length];
    }

    public static Verdict Run(KernelInfo kernel, Expectation reference, ReadOnlySpan<float> output)
    {
        var check = new OutputCheck(reference, ToleranceRule.Limit(kernel));
        AttentionProblem problem = reference.Problem;
        int block = problem.Queries * problem.HeadDim;
        for (int head = 0; head < check.headError.Length; head++)
            check.CheckHead(head, output.Slice(head * block, block));
        return check.Judge(output);
    }

    public static ErrorCard NothingCompared(KernelInfo kernel, Expectation reference) =>
        new(null, null, null, ToleranceRule.Limit(kernel), null, 0, TotalRows(reference.Problem));

    private void CheckHead(int head, ReadOnlySpan<float> output)
    {
        AttentionProblem problem = reference.Problem;
        ReadOnlySpan<int> queries = reference.Rows.OfHead(head);
        int next = 0;
        for (int query = 0; query < problem.Queries; query++)
        {
            ReadOnlySpan<float> row = output.Slice(query * problem.HeadDim, problem.HeadDim);
            long place = ((long)head * problem.Queries + query) * problem.HeadDim;
            bool compared = next < queries.Length && queries[next] == query;
            if (problem.IsBlind(head % problem.Heads, query))
                CheckMaskedRow(row, place);
            else if (compared)
                CompareRow(head, row, reference.Gold(head, next), reference.MayBeNaN(head, next), place);
            else
                CheckFinite(row, place);
            next += compared ? 1 : 0;
        }
    }

    private void CheckMaskedRow(ReadOnlySpan<float> row, long place)
    {
        for (int c = 0; c < row.Length; c++)
        {
            if (row[c] != 0 && (reference.InputsFinite || !float.IsNaN(row[c])))
                Fail(FailureKind.MaskedRowNotZero, $"{Text(row[c])} at {Where(place + c)}, in a row that sees no key and must be zero");
        }
    }

    private void CompareRow(int head, ReadOnlySpan<float> row, ReadOnlySpan<double> gold, bool mayBeNaN, long place)
    {
        for (int c = 0; c < row.Length; c++)
        {
            float x = row[c];
            if (float.IsNaN(x))
            {
                if (!mayBeNaN && double.IsFinite(gold[c]))
                    Fail(FailureKind.NaN, $"NaN at {Where(place + c)}, where the oracle gives {Text(gold[c])}");
            }
            else if (float.IsInfinity(x))
            {
                // Without a softmax, ∞ − ∞ may or may not meet in a sum: the order of the sums decides.
                if (gold[c] != x && !(double.IsNaN(gold[c]) && reference.Definition != Definition.Softmax))
                    Fail(FailureKind.Infinite, $"{Text(x)} at {Where(place + c)}, where the oracle gives {Text(gold[c])}");
            }
            else if (!double.IsFinite(gold[c]))
                Fail(FailureKind.SwallowedNonFinite, $"{Text(x)} at {Where(place + c)}, where the oracle gives {Text(gold[c])}");
            else
                AddError(head, Math.Abs(x - gold[c]), place + c);
        }
    }

    private void CheckFinite(ReadOnlySpan<float> row, long place)
    {
        for (int c = 0; c < row.Length && reference.InputsFinite; c++)
        {
            if (!float.IsFinite(row[c]))
                Fail(float.IsNaN(row[c]) ? FailureKind.NaN : FailureKind.Infinite, $"{Text(row[c])} at {Where(place + c)}");
        }
    }

    private void AddError(int head, double error, long place)
    {
        errorSquares += error * error;
        if (error <= headError[head])
            return;
        headError[head] = error;
        headWorst[head] = place;
    }

    private Verdict Judge(ReadOnlySpan<float> output)
    {
        int worst = 0;
        for (int head = 1; head < headError.Length; head++)
        {
            if (Ratio(head) > Ratio(worst))
                worst = head;
        }
        double nmse = errorSquares == 0 ? 0 : errorSquares / reference.GoldSquares;
        double nmseLimit = ToleranceRule.NmseLimit(reference.BaseNmse);
        if (Ratio(worst) > limit)
        {
            Fail(FailureKind.Inaccurate, string.Create(CultureInfo.InvariantCulture,
                $"error {headError[worst]:0.0e+0} at {Where(headWorst[worst])} is {Ratio(worst):N1} times that of plain float32, ")
                + $"more than {limit}: got {Text(output[(int)headWorst[worst]])}");
        }
        else if (nmse > nmseLimit)
            Fail(FailureKind.InaccurateOnAverage, $"NMSE {Text(nmse)} exceeds {Text(nmseLimit)}");
        var card = new ErrorCard(
            headError.Max(), Finite(nmse), Finite(Ratio(worst)), limit, Place(headWorst[worst]), reference.Rows.Count,
            TotalRows(reference.Problem));
        bool near = Ratio(worst) > ToleranceRule.WarnShare * limit || nmse > ToleranceRule.WarnShare * nmseLimit;
        return new Verdict(failure, message, card) { Warned = failure is null && near };
    }

    private double Ratio(int head) => headError[head] == 0 ? 0 : headError[head] / reference.Allowance(head);

    // The kinds are ordered by what they explain, so the lowest one is told.
    private void Fail(FailureKind kind, string sentence)
    {
        if (failure is { } known && known <= kind)
            return;
        failure = kind;
        message = sentence;
    }

    private int[] Place(long index)
    {
        AttentionProblem problem = reference.Problem;
        (long row, long channel) = Math.DivRem(index, problem.HeadDim);
        (long headIndex, long query) = Math.DivRem(row, problem.Queries);
        (long batch, long head) = Math.DivRem(headIndex, problem.Heads);
        return [(int)batch, (int)head, (int)query, (int)channel];
    }

    private string Where(long index)
    {
        int[] place = Place(index);
        return $"batch {place[0]}, head {place[1]}, query {place[2]}, channel {place[3]}";
    }

    private static long TotalRows(AttentionProblem problem) => (long)problem.Batch * problem.Heads * problem.Queries;

    private static string Text(double number) => number.ToString("g6", CultureInfo.InvariantCulture);

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}

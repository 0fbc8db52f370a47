using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Compares one output with the expectation, number by number.</summary>
internal sealed class OutputCheck
{
    private readonly Expectation expectation;
    private readonly OutputExpectation output;
    private readonly double limit;
    private readonly Element written;
    private readonly double[] headError;
    private readonly double[] headGold;
    private readonly long[] headWorst;
    private readonly WrongNumbers wrong;
    private double errorSquares;
    private FailureKind? failure;
    private string? message;
    private Mismatch? mismatch;

    private OutputCheck(KernelInfo kernel, Expectation expectation, OutputExpectation output)
    {
        (this.expectation, this.output, limit) = (expectation, output, ToleranceRule.Limit(kernel));
        written = kernel.Operation.Operands(expectation.Problem, kernel.Format)[output.Place].Element;
        headError = new double[output.Rows.Heads];
        headGold = new double[headError.Length];
        headWorst = new long[headError.Length];
        wrong = new WrongNumbers(output.Operand);
    }

    private Layout Layout => output.Operand.Layout;

    /// <summary>The verdict on one output, [heads, tokens, channels].</summary>
    public static Verdict Run(KernelInfo kernel, Expectation expectation, OutputExpectation output, ReadOnlySpan<float> numbers)
    {
        var check = new OutputCheck(kernel, expectation, output);
        int block = check.Layout.Tokens * check.Layout.Channels;
        for (int head = 0; head < check.headError.Length; head++)
            check.CheckHead(head, numbers.Slice(head * block, block));
        return check.Judge(numbers);
    }

    /// <summary>The error card of a call without output.</summary>
    public static ErrorCard NothingCompared(KernelInfo kernel, Expectation expectation) =>
        ErrorCard.Nothing(ToleranceRule.Limit(kernel), expectation.Outputs.Sum(each => TotalRows(each.Operand.Layout)));

    private void CheckHead(int head, ReadOnlySpan<float> numbers)
    {
        ReadOnlySpan<int> tokens = output.Rows.OfHead(head);
        int next = 0;
        for (int token = 0; token < Layout.Tokens; token++)
        {
            ReadOnlySpan<float> row = numbers.Slice(token * Layout.Channels, Layout.Channels);
            long place = ((long)head * Layout.Tokens + token) * Layout.Channels;
            bool compared = next < tokens.Length && tokens[next] == token;
            if (expectation.Reference.Fixed(expectation.Inputs, output.Place, head, token, 0) is not null)
                CheckFixedRow(row, head, token, place);
            else if (compared)
                CompareRow(head, row, output.Gold(head, next), MayBeNaN(head, next), place);
            else
                CheckFinite(row, place);
            next += compared ? 1 : 0;
        }
    }

    private bool MayBeNaN(int head, int row) =>
        !expectation.InputsFinite || (expectation.Reference.PlainDecidesNaN && output.PlainIsNaN(head, row));

    private void CheckFixedRow(ReadOnlySpan<float> row, int head, int token, long place)
    {
        for (int c = 0; c < row.Length; c++)
        {
            float value = expectation.Reference.Fixed(expectation.Inputs, output.Place, head, token, c) ?? 0;
            if (row[c] != value && (expectation.InputsFinite || !float.IsNaN(row[c])))
            {
                string must = value == 0 ? "be zero" : $"be {Text(value)}";
                Fail(
                    FailureKind.MaskedRowNotZero, place + c, row[c], value,
                    $"{Text(row[c])} at {Where(place + c)}, in a row that the mask hides and that must {must}");
            }
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
                    FailAgainstGold(FailureKind.NaN, place + c, x, gold[c]);
            }
            else if (float.IsInfinity(x))
            {
                // Without a softmax, the order of a sum determines whether ∞ − ∞ occurs.
                if (gold[c] != x && !(double.IsNaN(gold[c]) && expectation.Reference.PlainDecidesNaN))
                    FailAgainstGold(FailureKind.Infinite, place + c, x, gold[c]);
            }
            else if (!double.IsFinite(gold[c]))
                FailAgainstGold(FailureKind.SwallowedNonFinite, place + c, x, gold[c]);
            else
                AddError(head, x, gold[c], place + c);
        }
    }

    private void CheckFinite(ReadOnlySpan<float> row, long place)
    {
        for (int c = 0; c < row.Length && expectation.InputsFinite; c++)
        {
            if (!float.IsFinite(row[c]))
                Fail(float.IsNaN(row[c]) ? FailureKind.NaN : FailureKind.Infinite, place + c, row[c], double.NaN, $"{Text(row[c])} at {Where(place + c)}");
        }
    }

    private void AddError(int head, double got, double wanted, long place)
    {
        double error = ToleranceRule.Error(written, got, wanted);
        errorSquares += error * error;
        if (error > limit * output.Allowance(head))
            wrong.Add(place, got, wanted);
        if (error <= headError[head])
            return;
        headError[head] = error;
        headWorst[head] = place;
        headGold[head] = wanted;
    }

    private Verdict Judge(ReadOnlySpan<float> numbers)
    {
        int worst = 0;
        for (int head = 1; head < headError.Length; head++)
        {
            if (Ratio(head) > Ratio(worst))
                worst = head;
        }
        // Where gold is zero everywhere, such as the log-sum-exp of one key of score 0, NMSE is undefined and only the rule of each head
        // applies.
        double nmse = errorSquares == 0 || output.GoldSquares == 0 ? 0 : errorSquares / output.GoldSquares;
        double nmseLimit = ToleranceRule.NmseLimit(output.PlainNmse);
        float got = numbers[(int)headWorst[worst]];
        if (Ratio(worst) > limit)
        {
            string sentence = $"error {headError[worst]:0.0e+0} at {Where(headWorst[worst])} is {Ratio(worst):N1} times that of plain float32, "
                + $"more than {limit}: got {Text(got)}, wanted {Text(headGold[worst])}";
            Fail(FailureKind.Inaccurate, headWorst[worst], got, headGold[worst], sentence);
        }
        else if (nmse > nmseLimit)
        {
            string sentence = $"NMSE of {output.Operand.Name} {Text(nmse)} exceeds {Text(nmseLimit)}";
            Fail(FailureKind.InaccurateOnAverage, headWorst[worst], got, headGold[worst], sentence);
        }
        var card = new ErrorCard(
            headError.Max(), Finite(nmse), Finite(Ratio(worst)), limit, Place(headWorst[worst]), output.Rows.Count, TotalRows(Layout))
        {
            Operand = output.Operand.Name,
        };
        bool near = Ratio(worst) > ToleranceRule.WarnShare * limit || nmse > ToleranceRule.WarnShare * nmseLimit;
        return new Verdict(failure, message, card)
        {
            Warned = failure is null && near,
            Mismatch = mismatch,
            WrongPlaces = failure is null ? null : wrong.ToString(),
        };
    }

    private double Ratio(int head) => headError[head] == 0 ? 0 : headError[head] / output.Allowance(head);

    private void FailAgainstGold(FailureKind kind, long place, float got, double gold) =>
        Fail(kind, place, got, gold, $"{Text(got)} at {Where(place)}, where the float64 reference gives {Text(gold)}");

    // Kinds of failure are ordered by how much they explain; the lowest is reported.
    private void Fail(FailureKind kind, long place, double got, double wanted, string sentence)
    {
        wrong.Add(place, got, wanted);
        if (failure is { } known && known <= kind)
            return;
        failure = kind;
        message = sentence;
        mismatch = Mismatch.At(output.Operand, place, got, wanted);
    }

    private int[] Place(long index) => Mismatch.At(output.Operand, index, 0, 0).Index;

    private string Where(long index)
    {
        int[] place = Place(index);
        string operand = expectation.Outputs.Count > 1 ? $"{output.Operand.Name} of " : "";
        return $"{operand}batch {place[0]}, head {place[1]}, token {place[2]}, channel {place[3]}";
    }

    private static long TotalRows(Layout layout) => (long)layout.Batch * layout.Heads * layout.Tokens;

    private static string Text(double number) => number.ToString("g6");

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}

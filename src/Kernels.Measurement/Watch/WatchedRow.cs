using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>
/// One row of the outputs that is poisoned before a timed call, copied when the call returns, and later compared with float64 for the inputs
/// that the call had.
/// </summary>
internal sealed class WatchedRow
{
    // The expectation allows the largest error of a head's rows on other inputs of the same distribution.
    private const double Slack = 4;

    // Where rows share the work of a head, gold computes all rows before this one too.
    private const int MostShared = 512;

    // Where the weights of earlier keys decay, a change in one of the last is seen.
    private const int LastKeys = 16;

    private readonly Kernel kernel;
    private readonly AttentionProblem problem;
    private readonly WatchedGroup[] groups;
    private WatchedGroup group;

    public WatchedRow(Kernel kernel, CallBuffers buffers, Inputs inputs)
    {
        this.kernel = kernel;
        problem = (AttentionProblem)inputs.Problem;
        groups = [.. kernel.Info.Operation.OutputGroups.Select((_, number) => new WatchedGroup(kernel.Info.Operation, number, buffers, inputs))];
        group = groups[0];
    }

    /// <summary>The head of the outputs, counted through all batches.</summary>
    public int HeadIndex { get; private set; }

    /// <summary>The row.</summary>
    public int Token { get; private set; }

    /// <summary>A key that the row depends on.</summary>
    public int Key { get; private set; }

    /// <summary>Heads of the outputs that the row belongs to.</summary>
    public int Heads => group.Rows.Heads;

    /// <summary>The row in words.</summary>
    public string Name => IsSum
        ? $"{string.Join(", ", group.Copies.Select(output => kernel.Info.Operation.Operands(problem, kernel.Info.Format)[output.Place].Name))}, row {Token}"
        : $"head {HeadIndex}, {(OfKeys ? "key" : "query")} {Token}";

    /// <summary>Whether the copy has numbers that were not written before the call returned.</summary>
    public bool IsUnwritten => group.IsUnwritten;

    // Rows of the gradients of keys and values.
    private bool OfKeys => kernel.Info.Operation.IsGradient && group.Number > 0;

    // A sum over all rows of the inputs, such as the gradient of a weight.
    private bool IsSum => kernel.Info.Operation.SumsRows(group.Number);

    /// <summary>Chooses another row, which sees a key, or for gradients of keys one that is seen.</summary>
    /// <param name="sharesWork">Whether gold computes earlier rows too.</param>
    /// <param name="reachable">How many first rows gold can compute.</param>
    public void Choose(bool sharesWork, int reachable)
    {
        const int MostTries = 100;
        group = groups[Random.Shared.Next(groups.Length)];
        if (IsSum)
        {
            (HeadIndex, Token) = (Random.Shared.Next(group.Rows.Batch * Heads), Random.Shared.Next(group.Rows.Tokens));
            Key = Random.Shared.Next(problem.Queries);
            return;
        }
        int rows = Math.Min(Math.Min(problem.Queries, reachable), sharesWork ? MostShared : int.MaxValue);
        for (int tries = 0; tries < MostTries; tries++)
        {
            HeadIndex = Random.Shared.Next(problem.Batch * Heads);
            int query = Random.Shared.Next(rows);
            // A cache ends with the rows of the queries' own tokens.
            Token = group.Rows.Tokens - problem.Queries + query;
            if (kernel.Info.Operation.IsRowwise)
            {
                Key = query;
                return;
            }
            // Heads that share keys and values may see other keys; any of them will do.
            MaskedHead head = problem.Head(HeadIndex % Heads * (problem.Heads / Heads));
            KeyRange seen = problem.Mask.VisibleKeys(head, query);
            Key = seen.IsEmpty ? 0 : Random.Shared.Next(sharesWork ? Math.Max(seen.Begin, seen.End - LastKeys) : seen.Begin, seen.End);
            if (OfKeys)
                Token = Key;
            if (problem.Mask.Count(head, query, Key) > 0)
                return;
        }
    }

    /// <summary>Makes every number of the row NaN; a row that is accumulated gets what was given.</summary>
    public void Poison() => group.Poison(HeadIndex, Token);

    /// <summary>Copies the row.</summary>
    public void Copy() => group.Copy(HeadIndex, Token);

    /// <summary>Why the copy is not what the inputs, as they are now, give; null when it is.</summary>
    public string? WhyWrong(Expectation expectation)
    {
        double[] gold = new double[group.Copies.Sum(output => output.Copy.Length)];
        expectation.Reference.Gold(expectation.Inputs, new RowBlock(group.Number, HeadIndex, [Token]), gold);
        int at = 0;
        foreach ((int place, float[] copy) in group.Copies)
        {
            OutputExpectation output = expectation.Outputs.Single(each => each.Place == place);
            Element written = kernel.Info.Operation.Operands(problem, kernel.Info.Format)[place].Element;
            double allowed = Slack * ToleranceRule.Limit(kernel.Info) * Enumerable.Range(0, output.Rows.Heads).Max(output.Allowance);
            for (int c = 0; c < copy.Length; c++, at++)
            {
                bool isOpen = !double.IsFinite(gold[at]) || (float.IsNaN(copy[c]) && expectation.Reference.PlainDecidesNaN);
                if (!isOpen && !(ToleranceRule.Error(written, copy[c], gold[at]) <= allowed))
                {
                    return $"what was timed is wrong: a call gave {copy[c]:g6} at {Name}, channel {c}, where its inputs give {gold[at]:g6}";
                }
            }
        }
        return null;
    }
}

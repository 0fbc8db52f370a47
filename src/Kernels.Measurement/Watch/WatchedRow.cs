using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>
/// One row of the outputs that is poisoned before a timed call, copied when the call returns, and later compared with float64 for the inputs
/// that the call had.
/// </summary>
internal sealed unsafe class WatchedRow
{
    // The expectation allows the largest error of a head's rows on other inputs of the same distribution.
    private const double Slack = 4;

    // Where rows share the work of a head, gold computes all rows before this one too.
    private const int MostShared = 512;

    // Where the weights of earlier keys decay, a change in one of the last is seen.
    private const int LastKeys = 16;

    private readonly Kernel kernel;
    private readonly CallBuffers buffers;
    private readonly Inputs inputs;
    private readonly AttentionProblem problem;
    private readonly int[] places;
    private readonly float[][] copies, poison;

    // What the poison reads as: for outputs of half precision, another NaN.
    private readonly uint[] unwritten;

    public WatchedRow(Kernel kernel, CallBuffers buffers, Inputs inputs)
    {
        (this.kernel, this.buffers, this.inputs) = (kernel, buffers, inputs);
        problem = (AttentionProblem)inputs.Problem;
        // Of other groups, whose rows belong to keys, all rows are compared after the timing.
        places = [.. kernel.Info.Operation.OutputGroups[0]];
        Heads = buffers.Operands[places[0]].Layout.Heads;
        copies = [.. places.Select(place => new float[buffers.Operands[place].Layout.Channels])];
        poison = [.. copies.Select(copy => Enumerable.Repeat(BitConverter.UInt32BitsToSingle(CallBuffers.Unwritten), copy.Length).ToArray())];
        unwritten = [.. places.Select(place => ReadBack(buffers.Operands[place].Element))];
    }

    /// <summary>The head, counted through all batches.</summary>
    public int HeadIndex { get; private set; }

    /// <summary>The row.</summary>
    public int Token { get; private set; }

    /// <summary>A key that the row sees.</summary>
    public int Key { get; private set; }

    /// <summary>Heads of the outputs.</summary>
    public int Heads { get; }

    /// <summary>Whether the copy has numbers that were not written before the call returned.</summary>
    public bool IsUnwritten =>
        copies.Where((copy, i) => MemoryMarshal.Cast<float, uint>(copy.AsSpan()).Contains(unwritten[i])).Any();

    /// <summary>Chooses another row, which sees a key.</summary>
    /// <param name="sharesWork">Whether gold computes earlier rows too.</param>
    /// <param name="reachable">How many first rows gold can compute.</param>
    public void Choose(bool sharesWork, int reachable)
    {
        const int MostTries = 100;
        int rows = Math.Min(Math.Min(problem.Queries, reachable), sharesWork ? MostShared : int.MaxValue);
        for (int tries = 0; tries < MostTries; tries++)
        {
            HeadIndex = Random.Shared.Next(problem.Batch * Heads);
            Token = Random.Shared.Next(rows);
            if (kernel.Info.Operation.IsRowwise)
            {
                Key = Token;
                return;
            }
            MaskedHead head = problem.Head(HeadIndex % Heads);
            KeyRange seen = problem.Mask.VisibleKeys(head, Token);
            Key = seen.IsEmpty ? 0 : Random.Shared.Next(sharesWork ? Math.Max(seen.Begin, seen.End - LastKeys) : seen.Begin, seen.End);
            if (problem.Mask.Count(head, Token, Key) > 0)
                return;
        }
    }

    /// <summary>Makes every number of the row NaN; a row that is accumulated gets what was given.</summary>
    public void Poison()
    {
        for (int i = 0; i < places.Length; i++)
        {
            Tensor tensor = buffers[places[i]];
            Operand operand = tensor.Operand;
            ReadOnlySpan<float> numbers = operand.Role == Role.Accumulated
                ? inputs.Head(operand.Name, HeadIndex).Slice(Token * operand.Layout.Channels, operand.Layout.Channels)
                : poison[i];
            operand.Element.Narrow(numbers, Address(tensor));
        }
    }

    /// <summary>Copies the row.</summary>
    public void Copy()
    {
        for (int i = 0; i < places.Length; i++)
        {
            Tensor tensor = buffers[places[i]];
            tensor.Operand.Element.Widen(Address(tensor), copies[i]);
        }
    }

    /// <summary>Why the copy is not what the inputs, as they are now, give; null when it is.</summary>
    public string? WhyWrong(Expectation expectation)
    {
        double[] gold = new double[copies.Sum(copy => copy.Length)];
        expectation.Reference.Gold(expectation.Inputs, new RowBlock(0, HeadIndex, [Token]), gold);
        int at = 0;
        for (int i = 0; i < places.Length; i++)
        {
            OutputExpectation output = expectation.Outputs.Single(each => each.Place == places[i]);
            double allowed = Slack * ToleranceRule.Limit(kernel.Info) * Enumerable.Range(0, output.Rows.Heads).Max(output.Allowance);
            for (int c = 0; c < copies[i].Length; c++, at++)
            {
                bool isOpen = !double.IsFinite(gold[at]) || (float.IsNaN(copies[i][c]) && expectation.Reference.PlainDecidesNaN);
                if (!isOpen && !(Math.Abs(copies[i][c] - gold[at]) <= allowed))
                {
                    return FormattableString.Invariant(
                        $"what was timed is wrong: a call gave {copies[i][c]:g6} at head {HeadIndex}, query {Token}, channel {c}, where its inputs give {gold[at]:g6}");
                }
            }
        }
        return null;
    }

    private static uint ReadBack(Element element)
    {
        float written = BitConverter.UInt32BitsToSingle(CallBuffers.Unwritten), read = 0;
        uint memory = 0;
        element.Narrow(new ReadOnlySpan<float>(ref written), &memory);
        element.Widen(&memory, new Span<float>(ref read));
        return BitConverter.SingleToUInt32Bits(read);
    }

    private void* Address(Tensor tensor)
    {
        (int batch, int head) = Math.DivRem(HeadIndex, Heads);
        return (byte*)tensor.Start + tensor.Layout.Offset(batch, head, Token) * tensor.Operand.Element.Size();
    }
}

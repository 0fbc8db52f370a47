using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The inputs of one validation or measurement: float32 numbers in head-major order for each operand that is read, independent of the
/// kernel's format and layout. For narrower formats the numbers are rounded here.
/// </summary>
public sealed class Inputs : IDisposable
{
    private readonly ImmutableArray<Operand> operands;
    private readonly FencedBuffer[] buffers;

    /// <summary>Zeros for every operand that is read.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">Those of an operation; outputs are left out.</param>
    public Inputs(Problem problem, IEnumerable<Operand> operands)
    {
        Problem = problem;
        this.operands = [.. operands.Where(each => each.Role != Role.Output)];
        buffers = [.. this.operands.Select(each => FencedBuffer.OfFloats(each.Layout.Count))];
    }

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>The format that the numbers are rounded to.</summary>
    public Element Element { get; private init; }

    /// <summary>
    /// For <see cref="InputFamily.OneHot"/>, the key that has all the weight of each query, [batch, heads, queries], −1 where the query sees no key: softmax
    /// attention must return that key's value. Null for the other families, and where the format does not keep so many keys apart in so few channels.
    /// </summary>
    public IReadOnlyList<int>? OneHotKeys { get; internal set; }

    /// <summary>
    /// Whether q and k are those of a trained model, whose scores lean to one side: with the sign of a row changed, a query would look at other keys.
    /// </summary>
    public bool AreCaptured { get; internal set; }

    /// <summary>Names of the operands, in order.</summary>
    public IEnumerable<string> Names => operands.Select(each => each.Name);

    /// <summary>The numbers of an operand, [batch, heads, tokens, channels] without gaps.</summary>
    /// <exception cref="KeyNotFoundException">There is no such input.</exception>
    public Span<float> this[string operand] => buffers[Place(operand)].Floats;

    /// <summary>Whether no number is NaN or infinite; −∞ is allowed as a log-sum-exp.</summary>
    public bool AreFinite
    {
        get
        {
            for (int i = 0; i < operands.Length; i++)
            {
                foreach (float number in buffers[i].Floats)
                {
                    if (!float.IsFinite(number) && !(operands[i].Name == "lse" && float.IsNegativeInfinity(number)))
                        return false;
                }
            }
            return true;
        }
    }

    /// <summary>Address of an operand, for a kernel that reads float32 in head-major order without a copy.</summary>
    public unsafe float* Address(string operand) => (float*)buffers[Place(operand)].Start;

    /// <summary>The numbers of one head, [tokens, channels]; heads are counted through all batches.</summary>
    public ReadOnlySpan<float> Head(string operand, int headIndex)
    {
        int place = Place(operand), length = operands[place].Layout.Tokens * operands[place].Layout.Channels;
        return buffers[place].Floats.Slice(headIndex * length, length);
    }

    /// <summary>Copies a user's own numbers.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">Those of an operation.</param>
    /// <param name="numbers">The numbers of each operand that is read, in head-major order.</param>
    /// <exception cref="ArgumentException">An operand is missing or has another number of elements.</exception>
    public static Inputs From(Problem problem, ImmutableArray<Operand> operands, IReadOnlyDictionary<string, float[]> numbers)
    {
        var inputs = new Inputs(problem, operands);
        foreach (string name in inputs.Names)
        {
            Span<float> target = inputs[name];
            if (!numbers.TryGetValue(name, out float[]? given) || given.Length != target.Length)
                throw new ArgumentException($"The operand {name} of {problem} has {target.Length:N0} numbers, not {given?.Length ?? 0:N0}.", nameof(numbers));
            given.CopyTo(target);
        }
        return inputs;
    }

    /// <summary>
    /// The same numbers rounded to a format, to nearest even; numbers out of range become infinite. Row sums stay float32.
    /// </summary>
    public Inputs RoundedTo(Element element)
    {
        bool keepsKeysApart = OneHotKeys is not null && new OneHotInputs((AttentionProblem)Problem).HasClosedForm(element);
        var rounded = new Inputs(Problem, operands) { Element = element, OneHotKeys = keepsKeysApart ? OneHotKeys : null, AreCaptured = AreCaptured };
        for (int i = 0; i < operands.Length; i++)
        {
            buffers[i].Floats.CopyTo(rounded.buffers[i].Floats);
            if (operands[i].Role != Role.Input || operands[i].Name == "lse")
                continue;
            foreach (ref float number in rounded.buffers[i].Floats)
                number = element.Round(number);
        }
        return rounded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FencedBuffer buffer in buffers)
            buffer.Dispose();
    }

    private int Place(string operand)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i].Name == operand)
                return i;
        }
        throw new KeyNotFoundException($"{Problem} has no input {operand}.");
    }
}

using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Npy;

/// <summary>
/// A user's own operands in .npy files: [heads, tokens, channels] or [batch, heads, tokens, channels], row sums without channels too.
/// Shapes are checked before any number is read.
/// </summary>
internal sealed class OperandFiles : IDisposable
{
    private readonly Dictionary<string, NpyReader> readers = [];

    /// <summary>Opens the files.</summary>
    /// <param name="paths">File of each operand, by name.</param>
    /// <exception cref="FormatException">A file is not a float32 .npy file.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public OperandFiles(IReadOnlyDictionary<string, string> paths)
    {
        try
        {
            foreach ((string name, string path) in paths)
                readers.Add(name, NpyReader.Open(path));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Dimensions of q, and so of the outputs.</summary>
    public int Rank => readers["q"].Shape.Count;

    /// <summary>The problem of q, k and v.</summary>
    /// <exception cref="FormatException">Their shapes do not fit.</exception>
    /// <exception cref="ArgumentException">Heads cannot be shared by kv heads, or a number is out of range.</exception>
    public AttentionProblem Problem(AttentionMask mask, float? scale, int? queryStart, int keyStart)
    {
        RequireFit();
        (NpyReader q, NpyReader k, NpyReader v) = (readers["q"], readers["k"], readers["v"]);
        return new(
            Batch(q), Size(q, 3), Size(k, 3), Size(q, 2), Size(k, 2), Size(q, 1), mask, scale, Size(v, 1), queryStart, keyStart);
    }

    /// <summary>Reads all numbers.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">Those of the operation.</param>
    /// <param name="withoutOnes">Whether dimensions of size 1 may be left out or added anywhere, as those of batches and heads of a matrix.</param>
    /// <exception cref="FormatException">An operand has the wrong shape, or a number is not finite.</exception>
    public Inputs Read(Problem problem, ImmutableArray<Operand> operands, bool withoutOnes = false)
    {
        Dictionary<string, float[]> numbers = [];
        foreach (Operand operand in operands.Where(each => each.Role != Role.Output))
        {
            Layout wanted = operand.Layout;
            NpyReader given = readers[operand.Name];
            int[] shape = [wanted.Batch, wanted.Heads, wanted.Tokens, wanted.Channels];
            bool fits = withoutOnes
                ? given.Shape.Where(IsMore).SequenceEqual(shape.Where(IsMore))
                : new[] { shape, shape[..3] }.Any(each => (wanted.Channels == 1 || each.Length == 4)
                && (given.Shape.SequenceEqual(each) || (wanted.Batch == 1 && given.Shape.SequenceEqual(each[1..]))));
            if (!fits)
                throw new FormatException($"{operand.Name} must be {Text(shape)}, but is {Text(given.Shape)}.");
            numbers.Add(operand.Name, ReadNumbers(operand.Name, given));
        }
        return Inputs.From(problem, operands, numbers);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (NpyReader reader in readers.Values)
            reader.Dispose();
    }

    private static bool IsMore(int size) => size != 1;

    private static int Batch(NpyReader tensor) => tensor.Shape.Count == 4 ? tensor.Shape[0] : 1;

    /// <summary>Counted from the end: 1 is channels, 2 tokens, 3 heads.</summary>
    private static int Size(NpyReader tensor, int fromEnd) => tensor.Shape[^fromEnd];

    private static string Text(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    private void RequireFit()
    {
        (NpyReader q, NpyReader k, NpyReader v) = (readers["q"], readers["k"], readers["v"]);
        foreach ((string name, NpyReader tensor) in (ReadOnlySpan<(string, NpyReader)>)[("q", q), ("k", k), ("v", v)])
            Require(tensor.Shape.Count is 3 or 4, $"{name} is {Text(tensor.Shape)}, but must be [heads, tokens, channels] or [batch, heads, tokens, channels]");
        Require(
            k.Shape.SkipLast(1).SequenceEqual(v.Shape.SkipLast(1)),
            $"k is {Text(k.Shape)} and v is {Text(v.Shape)}, but both must have the same shape, channels apart");
        string both = $"q is {Text(q.Shape)} and k is {Text(k.Shape)}";
        Require(q.Shape.Count == k.Shape.Count, $"{both}, but all must have a batch dimension or none");
        Require(Batch(q) == Batch(k), $"{both}, but their batches must be equal");
        Require(Size(q, 1) == Size(k, 1), $"{both}, but their channels must be equal");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new FormatException($"{problem}.");
    }

    private static float[] ReadNumbers(string name, NpyReader tensor)
    {
        float[] values = new float[tensor.Length];
        tensor.Read(values);
        // −∞ is the log-sum-exp of a row that has seen no key.
        int index = Array.FindIndex(values, value => !float.IsFinite(value) && !(name == "lse" && float.IsNegativeInfinity(value)));
        if (index < 0)
            return values;
        int[] place = new int[tensor.Shape.Count];
        int rest = index;
        for (int dimension = place.Length - 1; dimension >= 0; dimension--)
            (rest, place[dimension]) = Math.DivRem(rest, tensor.Shape[dimension]);
        throw new FormatException($"{name}{Text(place)} is {values[index]}; inputs must be finite.");
    }
}

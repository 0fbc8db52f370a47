using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Npy;

/// <summary>
/// A person's own q, k and v in .npy files, [heads, tokens, channels] or [batch, heads, tokens, channels]. Shapes are checked before any
/// number is read.
/// </summary>
internal sealed class TensorFiles : IDisposable
{
    private readonly NpyReader q, k, v;

    /// <summary>Opens the files and checks that their shapes fit together.</summary>
    /// <exception cref="FormatException">A file is not a float32 .npy file, or shapes do not fit.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TensorFiles(string qPath, string kPath, string vPath)
    {
        var opened = new List<NpyReader>();
        try
        {
            foreach (string path in (ReadOnlySpan<string>)[qPath, kPath, vPath])
                opened.Add(NpyReader.Open(path));
            (q, k, v) = (opened[0], opened[1], opened[2]);
            RequireFit();
        }
        catch
        {
            opened.ForEach(reader => reader.Dispose());
            throw;
        }
    }

    /// <summary>The shape of q, and so of the output.</summary>
    public IReadOnlyList<int> QueryShape => q.Shape;

    /// <summary>The problem that the tensors make.</summary>
    /// <exception cref="ArgumentException">Heads cannot be shared by kv heads, or the scale is not finite.</exception>
    public AttentionProblem Problem(AttentionMask mask, float? scale) =>
        new(Batch(q), Size(q, 3), Size(k, 3), Size(q, 2), Size(k, 2), Size(q, 1), mask, scale);

    /// <summary>Reads all numbers.</summary>
    /// <exception cref="FormatException">One of them is not finite.</exception>
    public AttentionInputs Read(AttentionProblem problem) =>
        AttentionInputs.From(problem, ReadFinite("q", q), ReadFinite("k", k), ReadFinite("v", v));

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (NpyReader reader in (ReadOnlySpan<NpyReader>)[q, k, v])
            reader.Dispose();
    }

    private static int Batch(NpyReader tensor) => tensor.Shape.Count == 4 ? tensor.Shape[0] : 1;

    /// <summary>Counted from the end: 1 is channels, 2 tokens, 3 heads.</summary>
    private static int Size(NpyReader tensor, int fromEnd) => tensor.Shape[^fromEnd];

    private static string Text(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    private void RequireFit()
    {
        foreach ((string name, NpyReader tensor) in (ReadOnlySpan<(string, NpyReader)>)[("q", q), ("k", k), ("v", v)])
            Require(tensor.Shape.Count is 3 or 4, $"{name} is {Text(tensor.Shape)}, but must be [heads, tokens, channels] or [batch, heads, tokens, channels]");
        Require(k.Shape.SequenceEqual(v.Shape), $"k is {Text(k.Shape)} and v is {Text(v.Shape)}, but both must have the same shape");
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

    private static float[] ReadFinite(string name, NpyReader tensor)
    {
        float[] values = new float[tensor.Length];
        tensor.Read(values);
        int index = Array.FindIndex(values, value => !float.IsFinite(value));
        if (index < 0)
            return values;
        int[] place = new int[tensor.Shape.Count];
        int rest = index;
        for (int dimension = place.Length - 1; dimension >= 0; dimension--)
            (rest, place[dimension]) = Math.DivRem(rest, tensor.Shape[dimension]);
        throw new FormatException($"{name}{Text(place)} is {values[index]}; inputs must be finite.");
    }
}

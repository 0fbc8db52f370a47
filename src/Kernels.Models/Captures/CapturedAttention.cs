using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kernels.Models.Captures;

/// <summary>
/// Queries, keys and values that a trained encoder has within, of a few texts, computed in float64 and rounded to float32: each [layers, heads, tokens,
/// headDim], with the tokens of all texts one after the other.
/// </summary>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Heads of a layer.</param>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Lengths">Tokens of each text, the shortest text first.</param>
/// <param name="Q">Queries.</param>
/// <param name="K">Keys.</param>
/// <param name="V">Values.</param>
public sealed record CapturedAttention(int Layers, int Heads, int HeadDim, ImmutableArray<int> Lengths, float[] Q, float[] K, float[] V)
{
    /// <summary>Lengths of the texts of <see cref="Of(MiniLm)"/>, each with [CLS] before and [SEP] after it; the last is as long as the model allows.</summary>
    public static ImmutableArray<int> UsualLengths { get; } = [16, 64, 128, 256, 512];

    /// <summary>Tokens of all texts together.</summary>
    public int Tokens => Lengths.Sum();

    /// <summary>SHA-256 of all numbers, as lower-case hexadecimal digits.</summary>
    public string Hash()
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (float[] numbers in (float[][])[Q, K, V])
            sum.AppendData(MemoryMarshal.AsBytes<float>(numbers));
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    /// <summary>The attention of a model in consecutive pieces of <see cref="Passage"/>.</summary>
    public static CapturedAttention Of(MiniLm model) => Of(model.Weights, Passage.Cut(model.Tokenizer, UsualLengths));

    /// <summary>The attention of an encoder in texts, given by their ids.</summary>
    public static CapturedAttention Of(EncoderWeights weights, IReadOnlyList<int[]> texts)
    {
        EncoderShape shape = weights.Shape;
        var encoder = new ReferenceEncoder(weights);
        int tokens = texts.Sum(text => text.Length), first = 0;
        float[][] operands = [.. Enumerable.Range(0, 3).Select(_ => new float[shape.Layers * tokens * shape.Width])];
        foreach (int[] text in texts)
        {
            EncodedText encoded = encoder.Run(text, keepHeads: true);
            int block = text.Length * shape.HeadDim;
            for (int head = 0; head < shape.Layers * shape.Heads; head++)
            {
                HeadInputs layer = encoded.Heads[head / shape.Heads];
                double[][] numbers = [layer.Q, layer.K, layer.V];
                for (int operand = 0; operand < operands.Length; operand++)
                    for (int i = 0; i < block; i++)
                        operands[operand][(head * tokens + first) * shape.HeadDim + i] = (float)numbers[operand][head % shape.Heads * block + i];
            }
            first += text.Length;
        }
        return new(shape.Layers, shape.Heads, shape.HeadDim, [.. texts.Select(text => text.Length)], operands[0], operands[1], operands[2]);
    }
}

using Kernels.Models.Files;
using Kernels.Results;

namespace Kernels.Models.Decoding;

/// <summary>
/// The weights of a decoder as Llama is one, in a GGUF or .safetensors file by the usual names. A GGUF file of this architecture has
/// the channels of each head of queries and keys in another order, so that neighbours 2i and 2i + 1 are turned together
/// (llama.cpp, convert_hf_to_gguf.py, LlamaModel.permute); here i and i + headDim/2 are.
/// </summary>
public sealed class LlamaFile : IDecoderWeights, IDisposable
{
    private readonly WeightsFile file;
    private readonly LlamaNames names;
    private readonly bool neighbours;

    private LlamaFile(WeightsFile file, string path)
    {
        this.file = file;
        neighbours = file.Format == "GGUF";
        names = neighbours ? LlamaNames.Gguf : LlamaNames.HuggingFace;
        if (!file.Tensors.TryGetValue(names.Words, out WeightTensor? words) || words.Shape is not [> 0 and <= int.MaxValue and var vocabulary, _])
            throw Error(path, $"it has no tensor '{names.Words}' of tokens; it may be another model, or a part of one");
        Shape = neighbours
            ? new LlamaConfig(path, file.Metadata).OfGguf((int)vocabulary)
            : LlamaConfig.Beside(path).OfHuggingFace((int)vocabulary);
        // A file that claims more layers than it has tensors lacks one of the first.
        HashSet<string> known = [.. names.All(Math.Min(Shape.Layers, file.Tensors.Count))];
        if (file.Tensors.Keys.Where(tensor => !names.Ignored.Any(end => tensor.EndsWith(end, StringComparison.Ordinal)))
            .FirstOrDefault(tensor => !known.Contains(tensor)) is { } unknown)
            throw Error(path, $"it has '{OneLine.Quote(unknown)}', which a decoder as Llama is one has not, so it may compute something else");
        if (known.FirstOrDefault(tensor => tensor != names.Output && !file.Tensors.ContainsKey(tensor)) is { } missing)
            throw Error(path, $"it has no tensor '{missing}'");
        if (file.Tensors.Values.FirstOrDefault(tensor => known.Contains(tensor.Name) && tensor.Element is null) is { } unread)
            throw Error(path, $"'{unread.Name}' is {unread.Type}; float32, float16 and bfloat16 are read, and no quantised types");
    }

    /// <inheritdoc/>
    public DecoderShape Shape { get; }

    /// <summary>The pieces of text that tokens stand for, by id, where the file has them; else empty.</summary>
    public IReadOnlyList<string> Pieces => file.Pieces;

    /// <summary>Opens a file and checks what it says of its tensors.</summary>
    /// <exception cref="UserError">It cannot be read, or is no such model; one line with the reason.</exception>
    public static LlamaFile Open(string path)
    {
        var file = WeightsFile.Open(path);
        try
        {
            if (file.Format is not ("GGUF" or "safetensors"))
                throw Error(path, $"it is {file.Format}; a decoder is read from GGUF or .safetensors");
            return new LlamaFile(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public float[] Words() => file.Read(names.Words, Shape.Vocabulary, Shape.Width);

    /// <inheritdoc/>
    public float[] Gain() => file.Read(names.Gain, Shape.Width);

    /// <inheritdoc/>
    public float[]? Output() => file.Tensors.ContainsKey(names.Output) ? file.Read(names.Output, Shape.Vocabulary, Shape.Width) : null;

    /// <inheritdoc/>
    public float[] OfLayer(int layer, string operand)
    {
        string tensor = names.OfLayer(layer, operand);
        return operand switch
        {
            "wq" => Rotated(tensor, Shape.QueryWidth),
            "wk" => Rotated(tensor, Shape.KeyWidth),
            "wv" => file.Read(tensor, Shape.KeyWidth, Shape.Width),
            "wo" => file.Read(tensor, Shape.Width, Shape.QueryWidth),
            "w1" or "w3" => file.Read(tensor, Shape.Hidden, Shape.Width),
            "w2" => file.Read(tensor, Shape.Width, Shape.Hidden),
            _ => file.Read(tensor, Shape.Width),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private float[] Rotated(string tensor, int rows)
    {
        float[] source = file.Read(tensor, rows, Shape.Width);
        if (!neighbours)
            return source;
        float[] target = new float[source.Length];
        int half = Shape.HeadDim / 2;
        for (int row = 0; row < rows; row++)
        {
            (int head, int channel) = Math.DivRem(row, Shape.HeadDim);
            // Channel 2i + j of the file is i + j·headDim/2.
            int from = head * Shape.HeadDim + 2 * (channel % half) + channel / half;
            source.AsSpan(from * Shape.Width, Shape.Width).CopyTo(target.AsSpan(row * Shape.Width));
        }
        return target;
    }

    private static UserError Error(string path, string what) => new(OneLine.Clean($"{path}: {what}."));
}

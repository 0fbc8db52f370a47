using Kernels.Models.Files;
using Kernels.Models.Text;
using Kernels.Results;

namespace Kernels.Models;

/// <summary>
/// all-MiniLM-L6-v2, a trained encoder of six layers that maps a sentence to 384 numbers of unit length (Wang et al. 2020; Reimers and
/// Gurevych 2019). It is small enough to be fetched and computed anywhere, and real: its attention is that of a trained model.
/// </summary>
/// <param name="Weights">Its weights.</param>
/// <param name="Tokenizer">Its vocabulary.</param>
public sealed record MiniLm(EncoderWeights Weights, Tokenizer Tokenizer)
{
    /// <summary>Its name on the command line and of its folder.</summary>
    public const string Name = "minilm";

    /// <summary>The file of its weights; <see cref="SafetensorsName"/> is taken where it is absent.</summary>
    public const string OnnxName = "model.onnx";

    /// <summary>The same weights as Hugging Face has them.</summary>
    public const string SafetensorsName = "model.safetensors";

    /// <summary>The file of its vocabulary.</summary>
    public const string VocabularyName = "vocab.txt";

    /// <summary>Its sizes.</summary>
    public static EncoderShape Shape { get; } =
        new(Layers: 6, Heads: 12, Width: 384, Hidden: 1536, Vocabulary: 30522, Positions: 512, Epsilon: 1e-12);

    /// <summary>Whether a folder has its files.</summary>
    public static bool IsIn(string folder) => FindWeights(folder) is not null && File.Exists(Path.Combine(folder, VocabularyName));

    /// <summary>Reads it.</summary>
    /// <param name="folder">The folder of its files, such as models/minilm.</param>
    /// <exception cref="UserError">A file is missing, damaged, or that of another model.</exception>
    public static MiniLm Load(string folder)
    {
        if (!IsIn(folder))
            throw new UserError(OneLine.Clean($"{folder}: no {OnnxName} with {VocabularyName} is there; fetch them with: model fetch {Name}"));
        string vocabulary = Path.Combine(folder, VocabularyName), path = FindWeights(folder)!;
        var tokenizer = Tokenizer.Load(vocabulary, Shape.Positions);
        if (tokenizer.VocabularySize != Shape.Vocabulary)
            throw new UserError(OneLine.Clean($"{vocabulary}: it has {tokenizer.VocabularySize:N0} tokens, not {Shape.Vocabulary:N0}."));
        using var file = WeightsFile.Open(path);
        return new(new BertFile(file, path).Read(Shape), tokenizer);
    }

    private static string? FindWeights(string folder) =>
        new[] { OnnxName, SafetensorsName }.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
}

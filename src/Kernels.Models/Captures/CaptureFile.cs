using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kernels.Models.Files;
using Kernels.Results;

namespace Kernels.Models.Captures;

/// <summary>
/// The captured attention of a model, kept beside its weights, since the model takes seconds in float64. A file that is damaged, or of other weights or
/// another passage, is made again.
/// </summary>
public static class CaptureFile
{
    /// <summary>Its name in the model's folder.</summary>
    public const string Name = "captured.safetensors";

    // Raise it when other numbers are captured from the same passage.
    private const int Version = 1;

    private const string Source = "source", Sum = "sha256";

    /// <summary>Reads what is kept, or captures it and keeps it if the folder can be written.</summary>
    /// <param name="folder">The folder of MiniLM's files.</param>
    /// <exception cref="UserError">The model is missing or damaged.</exception>
    public static CapturedAttention Load(string folder)
    {
        string path = Path.Combine(folder, Name), source = SourceOf(folder);
        if (Read(path, source) is { } kept)
            return kept;
        var captured = CapturedAttention.Of(MiniLm.Load(folder));
        try
        {
            Write(path, source, captured);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next process captures it again.
        }
        return captured;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">What it must have been captured from.</param>
    /// <returns>Null when there is none, or it is damaged or of another source.</returns>
    internal static CapturedAttention? Read(string path, string source)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = WeightsFile.Open(path);
            if (file.Metadata.GetValueOrDefault(Source) != source)
                return null;
            EncoderShape shape = MiniLm.Shape;
            long tokens = CapturedAttention.UsualLengths.Sum();
            float[] Operand(string name) => file.Read(name, shape.Layers, shape.Heads, tokens, shape.HeadDim);
            var captured = new CapturedAttention(
                shape.Layers, shape.Heads, shape.HeadDim, CapturedAttention.UsualLengths, Operand("q"), Operand("k"), Operand("v"));
            return file.Metadata.GetValueOrDefault(Sum) == captured.Hash() ? captured : null;
        }
        catch (UserError)
        {
            return null;
        }
    }

    /// <summary>Writes a file, which is complete or absent at any moment.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(string path, string source, CapturedAttention captured)
    {
        int[] shape = [captured.Layers, captured.Heads, captured.Tokens, captured.HeadDim];
        WholeFile.Sweep([path]);
        SafetensorsWriter.Write(
            path, [("q", shape, captured.Q), ("k", shape, captured.K), ("v", shape, captured.V)],
            new Dictionary<string, string> { [Source] = source, [Sum] = captured.Hash() }, overwrite: true);
    }

    // Weights are told by size and time, because to hash 90 MB takes longer than all else.
    private static string SourceOf(string folder)
    {
        IEnumerable<string> files =
            from name in (string[])[MiniLm.OnnxName, MiniLm.SafetensorsName, MiniLm.VocabularyName]
            let file = new FileInfo(Path.Combine(folder, name))
            where file.Exists
            select $"{name} {file.Length} {file.LastWriteTimeUtc.Ticks}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [$"{Version}", .. files, Passage.Text]))));
    }
}

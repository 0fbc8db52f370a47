using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Models.Files;

/// <summary>
/// Trained weights in a file: ONNX, .safetensors or GGUF, which the first bytes tell. Opening reads what the file says of its tensors and
/// checks all of it against the length of the file; numbers are read one tensor at a time, as float32. Nothing takes more memory than about
/// the size of the file, whatever it claims.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    private const int ShortsAtATime = 1 << 15;

    private readonly Stream stream;
    private readonly string name;
    private readonly WeightsContent content;

    /// <summary>Reads what a file says of its tensors.</summary>
    /// <param name="stream">The file, which can seek; disposed with this object.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="UserError">It is no such file, damaged, or more than is supported; one line with name and reason.</exception>
    public WeightsFile(Stream stream, string name)
    {
        (this.stream, this.name) = (stream, name);
        content = Guarded(ReadContent);
    }

    /// <summary><c>ONNX</c>, <c>safetensors</c> or <c>GGUF</c>.</summary>
    public string Format => content.Format;

    /// <summary>The tensors by name; some may have a type that is listed and cannot be read.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors => content.Tensors;

    /// <summary>The graph of an ONNX file, in which weights without a name of their own are found by their use; else empty.</summary>
    public IReadOnlyList<GraphNode> Nodes => content.Nodes;

    /// <summary>Texts about a .safetensors file, and texts and numbers about a GGUF file, by name; else empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata => content.Metadata;

    /// <summary>The pieces of text that tokens stand for, by their ids, of a GGUF file that has them; else empty.</summary>
    public IReadOnlyList<string> Pieces => content.Pieces;

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserError">It cannot be opened, or as the constructor says.</exception>
    public static WeightsFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new UserError(OneLine.Clean($"{path}: it is a folder, not a file of weights."));
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            return new WeightsFile(file, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new UserError(OneLine.Clean($"{path}: {error.Message}"));
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor of a known shape.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="shape">The sizes that it must have.</param>
    /// <returns>Its numbers in row-major order.</returns>
    /// <exception cref="UserError">There is none, or it has another shape or a type that is not supported.</exception>
    public float[] Read(string tensor, params ReadOnlySpan<long> shape)
    {
        if (Tensors.TryGetValue(tensor, out WeightTensor? found) && !found.Shape.AsSpan().SequenceEqual(shape))
        {
            string wanted = TensorShape.Text(shape.ToArray()), there = TensorShape.Text(found.Shape);
            throw new UserError(OneLine.Clean($"{name}: '{OneLine.Quote(tensor)}' must be {wanted}, but is {there}."));
        }
        return Read(tensor);
    }

    /// <summary>Reads a tensor.</summary>
    /// <returns>Its numbers in row-major order; float16 and bfloat16 are widened, which is exact.</returns>
    /// <exception cref="UserError">There is none, or its type is not supported.</exception>
    public float[] Read(string tensor) => Guarded(() =>
    {
        if (!Tensors.TryGetValue(tensor, out WeightTensor? found))
            throw new InvalidDataException($"it has no tensor '{OneLine.Quote(tensor)}'");
        if (found.Refusal is not null || found.Element is not { } element)
            throw TensorList.Flaw(tensor, $"{found.Refusal}");
        if (found.Count > Array.MaxLength)
            throw TensorList.Flaw(tensor, $"has {found.Count:N0} numbers, more than an array can hold");
        float[] numbers = new float[found.Count];
        stream.Position = found.Offset;
        Fill(element, numbers);
        return numbers;
    });

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private WeightsContent ReadContent()
    {
        if (!stream.CanSeek)
            throw new InvalidDataException("it is not a regular file");
        if (stream.Length == 0)
            throw new InvalidDataException("it is empty");
        Span<byte> start = stackalloc byte[SafetensorsReader.StartBytes];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        return GgufReader.Begins(start) ? new GgufReader(stream).Read()
            : SafetensorsReader.Begins(start) ? SafetensorsReader.Read(stream)
            : OnnxReader.Read(stream);
    }

    private void Fill(Element element, Span<float> numbers)
    {
        if (element == Element.Float32)
        {
            stream.ReadFloats(numbers);
            return;
        }
        ushort[] stored = new ushort[Math.Min(ShortsAtATime, numbers.Length)];
        for (; !numbers.IsEmpty; numbers = numbers[Math.Min(stored.Length, numbers.Length)..])
        {
            Span<ushort> part = stored.AsSpan(0, Math.Min(stored.Length, numbers.Length));
            stream.ReadExactly(MemoryMarshal.AsBytes(part));
            unsafe
            {
                fixed (ushort* bits = part)
                    element.Widen(bits, numbers[..part.Length]);
            }
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException error)
        {
            // The message quotes the file, which may have any characters.
            throw new UserError(OneLine.Clean($"{name}: {error.Message}."));
        }
        catch (EndOfStreamException)
        {
            throw new UserError(OneLine.Clean($"{name}: it is cut off."));
        }
    }
}

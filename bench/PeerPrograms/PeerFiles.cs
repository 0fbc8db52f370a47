using System.Runtime.InteropServices;

namespace Kernels.Bench.PeerPrograms;

/// <summary>The temporary folder through which tensors reach a peer and come back: raw little-endian float32.</summary>
internal sealed class PeerFiles : IDisposable
{
    // The bytes of the longest span of floats would not fit into a span of bytes.
    private const int Chunk = 1 << 24;

    private readonly TemporaryFolder folder = new();

    /// <summary>Where the output is expected.</summary>
    public string Output => PathOf("output");

    /// <summary>Writes a tensor and returns its path.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Write(string tensor, ReadOnlySpan<float> numbers)
    {
        using FileStream file = File.Create(PathOf(tensor));
        for (int at = 0; at < numbers.Length; at += Chunk)
            file.Write(MemoryMarshal.AsBytes(numbers.Slice(at, Math.Min(Chunk, numbers.Length - at))));
        return file.Name;
    }

    /// <summary>Removes the output of an earlier run, so that it cannot pass for that of the next.</summary>
    public void Forget() => File.Delete(Output);

    /// <summary>Reads the output.</summary>
    /// <exception cref="PeerException">It is not there, or has another length.</exception>
    public void Read(Span<float> numbers)
    {
        if (!File.Exists(Output))
            throw new PeerException("wrote no output");
        using FileStream file = File.OpenRead(Output);
        if (file.Length != sizeof(float) * (long)numbers.Length)
            throw new PeerException($"wrote {file.Length:N0} bytes of output instead of {sizeof(float) * (long)numbers.Length:N0}");
        for (int at = 0; at < numbers.Length; at += Chunk)
            file.ReadExactly(MemoryMarshal.AsBytes(numbers.Slice(at, Math.Min(Chunk, numbers.Length - at))));
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => folder.Dispose();

    private string PathOf(string tensor) => folder[$"{tensor}.f32"];
}

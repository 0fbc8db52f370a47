using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>
/// The temporary folder through which operands reach a peer and come back: all numbers in head-major order, little-endian, without a
/// header. They are written from the operands' own memory and read into it.
/// </summary>
internal sealed unsafe class PeerFiles : IDisposable
{
    // The bytes of the largest operand would not fit into one span.
    private const int Chunk = 1 << 26;

    private readonly TemporaryFolder folder = new();

    /// <summary>Writes an operand and returns its path.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Write(Tensor tensor)
    {
        using FileStream file = File.Create(folder[$"{tensor.Operand.Name}.in"]);
        long bytes = tensor.Operand.Bytes;
        for (long at = 0; at < bytes; at += Chunk)
            file.Write(Piece(tensor, at, bytes));
        return file.Name;
    }

    /// <summary>Where an operand is to be written. What an earlier run wrote there is removed, so that it cannot pass for the next.</summary>
    public string Expect(Operand operand)
    {
        string path = PathOf(operand);
        File.Delete(path);
        return path;
    }

    /// <summary>Reads what a peer wrote.</summary>
    /// <exception cref="PeerException">It is not there, or has another length.</exception>
    public void Read(Tensor tensor)
    {
        Operand operand = tensor.Operand;
        string path = PathOf(operand);
        if (!File.Exists(path))
            throw new PeerException($"wrote no output {operand.Name}");
        using FileStream file = File.OpenRead(path);
        if (file.Length != operand.Bytes)
            throw new PeerException($"wrote {file.Length:N0} bytes of output instead of {operand.Bytes:N0} to the file of {operand.Name}");
        for (long at = 0; at < operand.Bytes; at += Chunk)
            file.ReadExactly(Piece(tensor, at, operand.Bytes));
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => folder.Dispose();

    private static Span<byte> Piece(Tensor tensor, long at, long bytes) => new((byte*)tensor.Start + at, (int)Math.Min(Chunk, bytes - at));

    private string PathOf(Operand operand) => folder[$"{operand.Name}.out"];
}

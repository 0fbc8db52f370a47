using System.Buffers.Binary;
using System.Text;
using Kernels.Bench.Npy;

namespace Kernels.Tests.CommandLine;

/// <summary>Bytes of .npy files, right and wrong.</summary>
internal static class NpyFiles
{
    /// <summary>A file as NumPy writes it.</summary>
    public static byte[] Valid(params int[] shape)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, shape, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => i / 8f)]);
        return stream.ToArray();
    }

    /// <summary>A file with any header text, and so many bytes of data.</summary>
    public static byte[] With(string header, int dataBytes = 24, byte version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
        return [.. NpyReader.Magic, version, 0, .. length, .. text, .. new byte[dataBytes]];
    }

    /// <summary>A header as NumPy writes it, with other values.</summary>
    public static string Header(string descr = "'<f4'", string fortranOrder = "False", string shape = "(2, 3)") =>
        $"{{'descr': {descr}, 'fortran_order': {fortranOrder}, 'shape': {shape}, }}";

    /// <summary>Shape and numbers of a file.</summary>
    public static (IReadOnlyList<int> Shape, float[] Values) Read(byte[] bytes)
    {
        using var reader = new NpyReader(new MemoryStream(bytes), "x.npy");
        float[] values = new float[reader.Length];
        reader.Read(values);
        return (reader.Shape, values);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>
/// Pixels as a PNG file (W3C, Portable Network Graphics, third edition): RGB, 8 bits, rows without filter. Most of the time of a report is spent
/// here, and Skia's own encoder is slower than the compression of .NET and writes larger files.
/// </summary>
internal static class PngFile
{
    private const int BytesOfPixel = 4, BytesOfColour = 3;

    private static readonly uint[] remainders = [.. Enumerable.Range(0, 256).Select(value => Remainder((uint)value))];

    /// <summary>The file. The pixels are opaque, in the order red, green, blue.</summary>
    public static byte[] Of(SKPixmap pixels)
    {
        var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, pixels.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Height);
        // Bits of a colour, and the type RGB; compression, filter and interlacing are the only or the plain ones.
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compressed(pixels));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compressed(SKPixmap pixels)
    {
        var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            // The first byte, 0, says that the row has no filter.
            int length = 1 + pixels.Width * BytesOfColour;
            byte[] row = new byte[length + Vector128<byte>.Count];
            for (int y = 0; y < pixels.Height; y++)
            {
                Pack(pixels.GetPixelSpan().Slice(y * pixels.RowBytes, pixels.Width * BytesOfPixel), row.AsSpan(1));
                zlib.Write(row, 0, length);
            }
        }
        return compressed.ToArray();
    }

    // Four pixels at a time; a vector has four bytes more than their colours.
    private static void Pack(ReadOnlySpan<byte> pixels, Span<byte> colours)
    {
        Vector128<byte> order = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15);
        for (; pixels.Length >= Vector128<byte>.Count; pixels = pixels[Vector128<byte>.Count..], colours = colours[12..])
            Vector128.Shuffle(Vector128.Create(pixels), order).CopyTo(colours);
        for (; pixels.Length > 0; pixels = pixels[BytesOfPixel..], colours = colours[BytesOfColour..])
            pixels[..BytesOfColour].CopyTo(colours);
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte each in bytes)
            crc = remainders[(byte)(crc ^ each)] ^ crc >> 8;
        return crc;
    }

    private static uint Remainder(uint value)
    {
        const uint Polynomial = 0xEDB88320;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? value >> 1 ^ Polynomial : value >> 1;
        return value;
    }
}

using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Kernels.Results;

namespace Kernels.Models.Fetch;

/// <summary>
/// A resource inside an assembly, read as a part of the file: the assembly is not loaded, so that none of its code can run.
/// </summary>
internal static class EmbeddedResource
{
    /// <summary>Reads a resource from its beginning to its end.</summary>
    /// <param name="assembly">The file of the assembly.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="take">Takes each part of it.</param>
    /// <exception cref="UserError">It is no assembly, or has no such resource.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(string assembly, string name, Action<ReadOnlySpan<byte>> take)
    {
        using FileStream file = File.OpenRead(assembly);
        long length = Seek(file, name) ?? throw new UserError(OneLine.Clean($"{assembly}: there is no resource '{OneLine.Quote(name)}'."));
        byte[] buffer = new byte[1 << 17];
        for (int count; length > 0; length -= count)
        {
            count = (int)Math.Min(buffer.Length, length);
            file.ReadExactly(buffer, 0, count);
            take(buffer.AsSpan(0, count));
        }
    }

    private static long? Seek(FileStream file, string name)
    {
        try
        {
            return SeekIn(file, name);
        }
        catch (Exception error) when (error is BadImageFormatException or EndOfStreamException or InvalidOperationException)
        {
            throw new UserError(OneLine.Clean($"{file.Name}: it is no .NET assembly, or damaged."));
        }
    }

    // ECMA-335, II.24.2.4 and II.22.24: resources lie one after the other, each with its length before it.
    private static long? SeekIn(FileStream file, string name)
    {
        using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
        MetadataReader metadata = image.GetMetadataReader();
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (!resource.Implementation.IsNil || !metadata.StringComparer.Equals(resource.Name, name))
                continue;
            PEHeaders headers = image.PEHeaders;
            if (headers.CorHeader is not { } header || !headers.TryGetDirectoryOffset(header.ResourcesDirectory, out int start))
                throw new BadImageFormatException();
            file.Position = start + resource.Offset;
            Span<byte> prefix = stackalloc byte[sizeof(uint)];
            file.ReadExactly(prefix);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
            return length <= file.Length - file.Position ? length : throw new BadImageFormatException();
        }
        return null;
    }
}

using System.Runtime.InteropServices;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The arguments of a launch, in order.</summary>
internal sealed class Arguments
{
    private readonly List<byte[]> values = [];

    public Arguments Add(Allocation memory) => Add(memory.Address);

    public Arguments Add<T>(T value) where T : unmanaged
    {
        values.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray());
        return this;
    }

    /// <summary>Lays them out as the entry declares its parameters.</summary>
    public ParameterMemory For(PtxEntry entry)
    {
        if (!entry.Parameters.Select(parameter => parameter.Bytes).SequenceEqual(values.Select(value => value.Length)))
            throw new ArgumentException($"{entry.Name} takes {string.Join(", ", entry.Parameters.Select(parameter => $"{parameter.Bytes} bytes"))}.");
        byte[] memory = new byte[entry.ParameterBytes];
        for (int i = 0; i < values.Count; i++)
            values[i].CopyTo(memory, entry.Parameters[i].Offset);
        return new(memory);
    }
}

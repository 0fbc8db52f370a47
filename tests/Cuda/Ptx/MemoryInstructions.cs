using System.Buffers.Binary;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>The state spaces that programs access.</summary>
internal enum Space
{
    Parameter,
    Global,
    Shared,

    /// <summary>Global memory, and shared memory in a window of it.</summary>
    Generic,
}

/// <summary>Generic addresses: those of global memory as they are, and a window for shared memory.</summary>
internal static class Spaces
{
    /// <summary>Where shared memory begins among generic addresses, far from all global ones.</summary>
    public const ulong SharedWindow = 1ul << 60;

    /// <summary>The space that an access goes to, and its address there.</summary>
    public static Space Of(Space space, ref ulong address)
    {
        if (space != Space.Generic)
            return space;
        if (address < SharedWindow)
            return Space.Global;
        address -= SharedWindow;
        return Space.Shared;
    }
}

/// <summary>Loads one, two or four numbers; a wider register gets them extended by their sign if they have one.</summary>
internal sealed class LoadInstruction(
    PtxStatement statement, Space space, (int Index, Width Width)[] targets, Width width, bool signed, Address source) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        int bytes = (int)width * targets.Length;
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            ReadOnlySpan<byte> memory = Memory(warp, lane, source.Of(warp, lane), bytes);
            for (int i = 0; i < targets.Length; i++)
                warp.Register(targets[i].Index)[lane] = Number(memory[(i * (int)width)..]) & PtxType.Mask(targets[i].Width);
        }
    }

    public override IEnumerable<MemoryAccess> Accesses(Warp warp, uint lanes) =>
        MemoryAccess.Of(space, warp, lanes, source, (int)width * targets.Length);

    private ReadOnlySpan<byte> Memory(Warp warp, int lane, ulong address, int bytes) => Spaces.Of(space, ref address) switch
    {
        Space.Parameter => warp.Parameters.Read(Statement.Line, address, bytes),
        Space.Shared => warp.Shared.Read(Statement.Line, warp.Thread(lane), address, bytes),
        _ => warp.Global.Read(Statement.Line, warp.GridThread(lane), address, bytes),
    };

    private ulong Number(ReadOnlySpan<byte> memory) => width switch
    {
        Width.B32 when signed => (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(memory),
        Width.B32 => BinaryPrimitives.ReadUInt32LittleEndian(memory),
        Width.B64 => BinaryPrimitives.ReadUInt64LittleEndian(memory),
        _ => throw Complain(PtxComplaint.Unknown, $"a load of {width}"),
    };
}

/// <summary>Stores one, two or four numbers.</summary>
internal sealed class StoreInstruction(PtxStatement statement, Space space, Operand[] sources, Width width, Address target)
    : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        int bytes = (int)width * sources.Length;
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            Span<byte> memory = Memory(warp, lane, target.Of(warp, lane), bytes);
            for (int i = 0; i < sources.Length; i++)
                Put(memory[(i * (int)width)..], sources[i].Values(warp)[lane]);
        }
    }

    public override IEnumerable<MemoryAccess> Accesses(Warp warp, uint lanes) =>
        MemoryAccess.Of(space, warp, lanes, target, (int)width * sources.Length);

    private Span<byte> Memory(Warp warp, int lane, ulong address, int bytes) => Spaces.Of(space, ref address) == Space.Shared
        ? warp.Shared.Write(Statement.Line, warp.Thread(lane), address, bytes)
        : warp.Global.Write(Statement.Line, warp.GridThread(lane), address, bytes);

    private void Put(Span<byte> memory, ulong number)
    {
        if (width == Width.B32)
            BinaryPrimitives.WriteUInt32LittleEndian(memory, (uint)number);
        else
            throw Complain(PtxComplaint.Unknown, $"a store of {width}");
    }
}

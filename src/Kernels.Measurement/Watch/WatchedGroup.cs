using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>One row of each output of a group, which is poisoned before a call and copied when the call returns.</summary>
internal sealed unsafe class WatchedGroup
{
    private readonly CallBuffers buffers;
    private readonly Inputs inputs;
    private readonly int[] places;
    private readonly float[][] copies, poison;

    // What the poison reads as: for outputs of half precision, another NaN.
    private readonly uint[] unwritten;

    /// <summary>Prepares for a group of the operation.</summary>
    public WatchedGroup(Operation operation, int number, CallBuffers buffers, Inputs inputs)
    {
        (this.buffers, this.inputs, Number) = (buffers, inputs, number);
        places = [.. operation.OutputGroups[number]];
        copies = [.. places.Select(place => new float[buffers.Operands[place].Layout.Channels])];
        poison = [.. copies.Select(copy => Enumerable.Repeat(BitConverter.UInt32BitsToSingle(CallBuffers.Unwritten), copy.Length).ToArray())];
        unwritten = [.. places.Select(place => ReadBack(buffers.Operands[place].Element))];
    }

    /// <summary>Its number in <see cref="Operation.OutputGroups"/>.</summary>
    public int Number { get; }

    /// <summary>Heads and rows of its outputs.</summary>
    public Layout Rows => buffers.Operands[places[0]].Layout;

    /// <summary>Its outputs, by their places in the call, and the copies of their rows.</summary>
    public IEnumerable<(int Place, float[] Copy)> Copies => places.Zip(copies);

    /// <summary>Whether a copy has numbers that were not written before the call returned.</summary>
    public bool IsUnwritten => copies.Where((copy, i) => MemoryMarshal.Cast<float, uint>(copy.AsSpan()).Contains(unwritten[i])).Any();

    /// <summary>Makes every number of the row NaN; a row that is accumulated gets what was given.</summary>
    public void Poison(int headIndex, int token)
    {
        for (int i = 0; i < places.Length; i++)
        {
            Tensor tensor = buffers[places[i]];
            Operand operand = tensor.Operand;
            ReadOnlySpan<float> numbers = operand.Role == Role.Accumulated
                ? inputs.Head(operand.Name, headIndex).Slice(token * operand.Layout.Channels, operand.Layout.Channels)
                : poison[i];
            operand.Element.Narrow(numbers, Address(tensor, headIndex, token));
        }
    }

    /// <summary>Copies the row.</summary>
    public void Copy(int headIndex, int token)
    {
        for (int i = 0; i < places.Length; i++)
        {
            Tensor tensor = buffers[places[i]];
            tensor.Operand.Element.Widen(Address(tensor, headIndex, token), copies[i]);
        }
    }

    private static uint ReadBack(Element element)
    {
        float written = BitConverter.UInt32BitsToSingle(CallBuffers.Unwritten), read = 0;
        uint memory = 0;
        element.Narrow(new ReadOnlySpan<float>(ref written), &memory);
        element.Widen(&memory, new Span<float>(ref read));
        return BitConverter.SingleToUInt32Bits(read);
    }

    private static void* Address(Tensor tensor, int headIndex, int token)
    {
        (int batch, int head) = Math.DivRem(headIndex, tensor.Layout.Heads);
        return (byte*)tensor.Start + tensor.Layout.Offset(batch, head, token) * tensor.Operand.Element.Size();
    }
}

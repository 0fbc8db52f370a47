using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>A kernel's call on copies of the inputs, with checks of its memory accesses.</summary>
internal sealed unsafe class FencedCall : IDisposable
{
    private const int MostExtraCalls = 4;

    private readonly CallBuffers buffers;
    private long allocated;

    public FencedCall(Kernel kernel, Inputs inputs, IExecutor executor, Fences fences) =>
        buffers = new CallBuffers(kernel, inputs, executor, fences, copyInputs: true);

    /// <summary>
    /// Calls the kernel with <paramref name="around"/> in the fences and <paramref name="inside"/> in outputs and memory, and checks what
    /// it did to memory. Null when all is right.
    /// </summary>
    public (FailureKind Kind, string Message)? Call(Poison around, Poison inside)
    {
        Fill(around, inside, reversed: false);
        Run();
        return Inspect(inside);
    }

    /// <summary>
    /// Bytes of managed memory that every call allocates on the calling thread. The last call is the measurement; only where it allocated are there
    /// more, because one call alone may allocate for the runtime, for example where it waits for a lock.
    /// </summary>
    public long AllocatedByEveryCall()
    {
        long least = allocated;
        for (int call = 0; call < MostExtraCalls && least > 0; call++)
        {
            Run();
            least = Math.Min(least, allocated);
        }
        return least;
    }

    /// <summary>Calls the kernel on other inputs of the same shape, so that results of later calls show whether it keeps state.</summary>
    public void CallOnOtherInputs()
    {
        Fill(Poison.Numbers, Poison.Numbers, reversed: true);
        Run();
    }

    /// <summary>Outputs of the last call, by place; null for inputs.</summary>
    public float[]?[] Outputs() => buffers.ReadOutputs();

    public void Dispose() => buffers.Dispose();

    private void Run()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        buffers.Call.Run();
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Fill(Poison around, Poison inside, bool reversed)
    {
        for (int i = 0; i < buffers.Operands.Length; i++)
        {
            buffers.Buffers[i]!.FillFence((uint)around);
            if (buffers.Operands[i].Role == Role.Output)
                buffers.Buffers[i]!.Fill((uint)inside);
        }
        buffers.Memory.FillFence((uint)around);
        buffers.Memory.Fill((uint)inside);
        buffers.WriteInputs(reversed);
    }

    private (FailureKind Kind, string Message)? Inspect(Poison inside)
    {
        for (int i = 0; i < buffers.Operands.Length; i++)
        {
            if (!buffers.Buffers[i]!.FenceIntact())
                return (FailureKind.WroteOutside, $"wrote outside {buffers.Operands[i].Name}");
        }
        if (!buffers.Memory.FenceIntact())
            return (FailureKind.WroteOutside, "wrote outside the scratch");
        for (int i = 0; i < buffers.Operands.Length; i++)
        {
            if (buffers.Operands[i].Role == Role.Input && buffers.IsChanged(i))
                return (FailureKind.InputChanged, $"changed its input {buffers.Operands[i].Name}");
        }
        for (int i = 0; i < buffers.Operands.Length; i++)
        {
            if (buffers.Operands[i].Role == Role.Output && Unwritten(buffers.Operands[i], buffers.Buffers[i]!, (uint)inside) is { } message)
                return (FailureKind.NotWritten, message);
        }
        return null;
    }

    private static string? Unwritten(Operand operand, FencedBuffer buffer, uint pattern)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<float, uint>(buffer.Floats);
        int first = words.IndexOf(pattern);
        int perRow = Math.Max(1, operand.Layout.Channels * operand.Element.Size() / sizeof(uint));
        return first < 0 ? null
            : $"{words.Count(pattern):N0} of {words.Length:N0} words of {operand.Name} were not written, the first in row {first / perRow:N0}";
    }
}

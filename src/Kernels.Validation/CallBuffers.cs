using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// Fenced memory of a kernel's call, in the formats and layouts of its operands, filled from <see cref="Inputs"/>; and the prepared call.
/// </summary>
public sealed unsafe class CallBuffers : IDisposable
{
    /// <summary>Bits of a NaN in output that a call has not written yet.</summary>
    public const uint Unwritten = (uint)Poison.NaN;

    private readonly Inputs inputs;
    private readonly FencedBuffer?[] buffers;
    private readonly Tensor[] tensors;
    private readonly bool copiesInputs;

    /// <summary>Allocates, writes the inputs and prepares the call.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="inputs">Numbers, rounded to the kernel's format.</param>
    /// <param name="executor">Runs the call; the caller disposes it.</param>
    /// <param name="fences">The fences around the buffers.</param>
    /// <param name="copyInputs">Whether inputs that need no conversion are copied too.</param>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    /// <exception cref="OutOfMemoryException">Not enough memory.</exception>
    public CallBuffers(Kernel kernel, Inputs inputs, IExecutor executor, Fences fences = default, bool copyInputs = false)
    {
        this.inputs = inputs;
        copiesInputs = copyInputs;
        Operands = kernel.Info.Operation.Operands(inputs.Problem, kernel.Info.Format);
        Plan plan = kernel.Plan(inputs.Problem);
        buffers = [.. Operands.Select(each => ReadsInPlace(each) ? null : new FencedBuffer(each.Bytes, fences.Around(each.Name)))];
        tensors = new Tensor[Operands.Length];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new Tensor(buffers[i] is { } buffer ? buffer.Start : inputs.Address(Operands[i].Name), Operands[i]);
        Memory = new FencedBuffer(plan.Refusal is null ? PreparedCall.MemoryBytes(plan, executor) : 0, fences.Around(Fences.Scratch));
        WriteInputs();
        Call = new PreparedCall(kernel, inputs.Problem, tensors, Memory.Start, Memory.Bytes, executor);
    }

    /// <summary>The operands in order.</summary>
    public ImmutableArray<Operand> Operands { get; }

    /// <summary>The call, ready to run.</summary>
    public PreparedCall Call { get; }

    /// <summary>Memory that the call needs besides the operands.</summary>
    public FencedBuffer Memory { get; }

    /// <summary>The tensor at this place, as the kernel sees it.</summary>
    public Tensor this[int place] => tensors[place];

    /// <summary>Whether a call continues from the results of the call before.</summary>
    public bool Accumulates => Operands.Any(each => each.Role == Role.Accumulated);

    /// <summary>Buffers by place; null for an input that is not copied.</summary>
    internal IReadOnlyList<FencedBuffer?> Buffers => buffers;

    /// <summary>Writes inputs and accumulated operands.</summary>
    /// <param name="reversed">Whether to reverse the order of the numbers, which gives other inputs of the same shape.</param>
    public void WriteInputs(bool reversed = false)
    {
        for (int i = 0; i < Operands.Length; i++)
        {
            if (Operands[i].Role == Role.Output || buffers[i] is null)
                continue;
            if (!reversed)
            {
                Write(tensors[i], inputs[Operands[i].Name]);
                continue;
            }
            float[] others = inputs[Operands[i].Name].ToArray();
            Array.Reverse(others);
            Write(tensors[i], others);
        }
    }

    /// <summary>The numbers of an operand in head-major order.</summary>
    public float[] Read(int place)
    {
        Tensor tensor = tensors[place];
        Layout layout = tensor.Layout;
        float[] numbers = new float[layout.Count];
        int row = 0;
        foreach (nint offset in Offsets(layout))
            tensor.Operand.Element.Widen(At(tensor, offset), numbers.AsSpan(row++ * layout.Channels, layout.Channels));
        return numbers;
    }

    /// <summary>Outputs of the last call, by place; null for inputs.</summary>
    public float[]?[] ReadOutputs() => [.. Operands.Select((operand, place) => operand.Role == Role.Input ? null : Read(place))];

    /// <summary>Fills outputs with a distinct NaN, which shows elements that a call does not write.</summary>
    public void PoisonOutputs()
    {
        for (int i = 0; i < Operands.Length; i++)
        {
            if (Operands[i].Role == Role.Output)
                buffers[i]!.Fill(Unwritten);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FencedBuffer? buffer in buffers)
            buffer?.Dispose();
        Memory.Dispose();
    }

    /// <summary>Whether an input was changed, bit for bit.</summary>
    internal bool IsChanged(int place)
    {
        Tensor tensor = tensors[place];
        Span<float> numbers = inputs[Operands[place].Name];
        byte[] row = new byte[tensor.Layout.Channels * tensor.Operand.Element.Size()];
        int index = 0;
        foreach (nint offset in Offsets(tensor.Layout))
        {
            fixed (byte* bytes = row)
                tensor.Operand.Element.Narrow(numbers.Slice(index++ * tensor.Layout.Channels, tensor.Layout.Channels), bytes);
            if (!new ReadOnlySpan<byte>(At(tensor, offset), row.Length).SequenceEqual(row))
                return true;
        }
        return false;
    }

    private static void Write(Tensor tensor, ReadOnlySpan<float> numbers)
    {
        Layout layout = tensor.Layout;
        int row = 0;
        foreach (nint offset in Offsets(layout))
            tensor.Operand.Element.Narrow(numbers.Slice(row++ * layout.Channels, layout.Channels), At(tensor, offset));
    }

    private static void* At(Tensor tensor, nint offset) => (byte*)tensor.Start + offset * tensor.Operand.Element.Size();

    // Rows in head-major order.
    private static IEnumerable<nint> Offsets(Layout layout)
    {
        for (int batch = 0; batch < layout.Batch; batch++)
            for (int head = 0; head < layout.Heads; head++)
                for (int token = 0; token < layout.Tokens; token++)
                    yield return layout.Offset(batch, head, token);
    }

    private bool ReadsInPlace(Operand operand) =>
        !copiesInputs && operand.Role == Role.Input && operand.Element == Element.Float32 && operand.Layout.IsHeadMajor;
}

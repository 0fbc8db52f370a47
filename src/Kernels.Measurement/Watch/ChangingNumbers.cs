using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>
/// One number in every head of each input that has rows of keys, new before every call, so that no call has the inputs of another: a result that
/// was kept is wrong, by a whole number and not by rounding, for every query that sees the key. The places change from sample to sample. A
/// call of attention costs two stores a kv head more, within its time.
/// </summary>
internal sealed unsafe class ChangingNumbers
{
    private readonly CallBuffers buffers;
    private readonly Inputs inputs;
    private readonly (int Operand, int HeadIndex)[] heads;
    private readonly Place[] places;
    private ulong stream;

    /// <summary>Chooses first places.</summary>
    public ChangingNumbers(Operation operation, CallBuffers buffers, Inputs inputs)
    {
        (this.buffers, this.inputs) = (buffers, inputs);
        heads =
        [
            .. from operand in operation.KeyInputs
               from head in Enumerable.Range(0, buffers.Operands[operand].Layout.Batch * buffers.Operands[operand].Layout.Heads)
               select (operand, head),
        ];
        places = new Place[heads.Length];
        Choose(headIndex: 0, headCount: 1, key: 0);
    }

    /// <summary>Calls with new numbers so far; <see cref="Return"/> takes it.</summary>
    public ulong Calls { get; private set; }

    /// <summary>Puts back what was given, and chooses other places.</summary>
    /// <param name="headIndex">A head of the outputs, counted through all batches.</param>
    /// <param name="headCount">Heads of the outputs, which consecutively share those of the keys.</param>
    /// <param name="key">The key to change in the head that serves it; in other heads any key is.</param>
    public void Choose(int headIndex, int headCount, int key)
    {
        Leave();
        stream = (ulong)Random.Shared.NextInt64();
        for (int i = 0; i < places.Length; i++)
        {
            Layout layout = buffers[heads[i].Operand].Layout;
            (int batch, int head) = Math.DivRem(headIndex, headCount);
            // Inputs that all sequences share have one.
            int serving = batch % layout.Batch * layout.Heads + (int)((long)head * layout.Heads / headCount);
            places[i] = At(heads[i].Operand, heads[i].HeadIndex,
                heads[i].HeadIndex == serving ? Math.Min(key, layout.Tokens - 1) : Random.Shared.Next(layout.Tokens));
        }
    }

    /// <summary>Writes numbers that no call had before.</summary>
    public void Renew() => Write(++Calls);

    /// <summary>Writes the numbers that the call with this number had.</summary>
    public void Return(ulong call) => Write(call);

    /// <summary>Writes the numbers that were given.</summary>
    public void PutBack()
    {
        for (int i = 0; i < places.Length; i++)
            places[i].Write(places[i].Given);
    }

    /// <summary>Puts back what was given; no number changes until others are chosen.</summary>
    public void Leave()
    {
        PutBack();
        Array.Clear(places);
    }

    private void Write(ulong call)
    {
        for (int i = 0; i < places.Length; i++)
            places[i].Write(Number(stream + call * (ulong)places.Length + (ulong)i));
    }

    private Place At(int operand, int headIndex, int key)
    {
        Tensor tensor = buffers[operand];
        Layout layout = tensor.Layout;
        int channel = Random.Shared.Next(layout.Channels);
        (int batch, int head) = Math.DivRem(headIndex, layout.Heads);
        byte* own = (byte*)tensor.Start + (layout.Offset(batch, head, key) + channel) * tensor.Operand.Element.Size();
        float* number = inputs.Address(tensor.Operand.Name) + ((long)headIndex * layout.Tokens + key) * layout.Channels + channel;
        return new Place(number, own, tensor.Operand.Element, *number);
    }

    // SplitMix64 (Steele, Lea and Flood 2014); the upper 24 bits as a number of [−2, 2), of the size of the others.
    private float Number(ulong state)
    {
        ulong z = state * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return inputs.Element.Round((int)((z ^ (z >> 31)) >> 40) * (1f / (1 << 22)) - 2);
    }

    /// <summary>A number in the inputs of the reference, and in what the kernel reads, which may be the same.</summary>
    private readonly struct Place(float* number, byte* own, Element element, float given)
    {
        public float Given => given;

        public void Write(float value)
        {
            if (number is null)
                return;
            *number = value;
            if (own != (byte*)number)
                element.Narrow(new ReadOnlySpan<float>(ref value), own);
        }
    }
}

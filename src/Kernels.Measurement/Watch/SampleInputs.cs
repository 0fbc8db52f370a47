using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>
/// The inputs of samples: those that were given, changed before a sample as a whole or before each call in some numbers, in the memory of
/// the reference and in what the kernel reads. After a sample they are as they were given.
/// </summary>
internal sealed class SampleInputs
{
    private readonly Operation operation;
    private readonly CallBuffers buffers;
    private readonly Inputs inputs;
    private readonly List<int> signs = [];

    /// <summary>Begins with numbers that change.</summary>
    public SampleInputs(Operation operation, CallBuffers buffers, Inputs inputs)
    {
        (this.operation, this.buffers, this.inputs) = (operation, buffers, inputs);
        Numbers = new ChangingNumbers(operation, buffers, inputs);
    }

    /// <summary>The numbers that change before each call.</summary>
    public ChangingNumbers Numbers { get; }

    /// <summary>Replaces all inputs by others of the same distribution, which no call had before.</summary>
    public void Replace()
    {
        Numbers.Leave();
        signs.Add(Random.Shared.Next());
        NewSigns.Flip(operation, inputs, signs[^1]);
        buffers.WriteInputs();
    }

    /// <summary>Writes the inputs again: the same numbers, in the same caches as after <see cref="Replace"/>.</summary>
    public void WriteAgain()
    {
        const int Seed = 0;
        NewSigns.Flip(operation, inputs, Seed);
        NewSigns.Flip(operation, inputs, Seed);
        buffers.WriteInputs();
    }

    /// <summary>Puts back what was given.</summary>
    public void Restore()
    {
        Numbers.Leave();
        if (signs.Count == 0)
            return;
        foreach (int seed in signs)
            NewSigns.Flip(operation, inputs, seed);
        signs.Clear();
        buffers.WriteInputs();
    }
}

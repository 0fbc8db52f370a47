using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>Collects the steps of a layer, finds its operands by name, and gives out buffers of the shared memory.</summary>
/// <param name="operands">Those of a call.</param>
internal abstract class StepPlanner(ImmutableArray<Operand> operands)
{
    private readonly ImmutableArray<LayerStep>.Builder steps = ImmutableArray.CreateBuilder<LayerStep>();
    private long shared;

    /// <summary>The steps so far, as a plan.</summary>
    protected LayerPlan Plan => new(steps.ToImmutable(), shared);

    /// <summary>Adds a step behind the others.</summary>
    protected void Add(LayerStep step) => steps.Add(step);

    /// <summary>An operand.</summary>
    protected Rows Place(string name)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i].Name == name)
                return new(i);
        }
        throw new ArgumentException($"There is no operand {name}.", nameof(name));
    }

    /// <summary>The operand behind one, such as the bias of a matrix.</summary>
    protected Rows After(string name) => new(Place(name).Place + 1);

    /// <summary>The operand that rows are; not of a buffer.</summary>
    protected Operand OperandOf(Rows rows) => operands[rows.Place];

    /// <summary>A buffer of the shared memory, on a cache line of it.</summary>
    protected Rows Take(long floats)
    {
        var taken = new Rows(-1, shared);
        shared += (floats + CacheLine.Floats - 1) / CacheLine.Floats * CacheLine.Floats;
        return taken;
    }
}

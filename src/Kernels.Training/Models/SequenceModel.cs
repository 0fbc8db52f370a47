using Kernels.Training.Graphs;

namespace Kernels.Training.Models;

/// <summary>A model that says words at places of sentences.</summary>
public abstract class SequenceModel
{
    /// <summary>Its name, which is also that of its file.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public abstract string Idea { get; }

    /// <summary>The most words of a sentence.</summary>
    public abstract int MostTokens { get; }

    /// <summary>Its parameters.</summary>
    public abstract IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Builds its computation for batches of some sizes.</summary>
    /// <param name="graph">An empty one, which the program owns from now on.</param>
    /// <param name="parameters">Of <see cref="Parameters"/>.</param>
    /// <param name="size">Sizes of the batches.</param>
    /// <param name="weight">The share of its loss in that of a step.</param>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    internal abstract SequenceProgram Build(Graph graph, ParameterSet parameters, BatchSize size, float weight);
}

/// <summary>Sizes of a batch, for which a computation is built.</summary>
/// <param name="Sequences">Sentences.</param>
/// <param name="Tokens">Words of each.</param>
/// <param name="Asked">Places of each that are asked.</param>
public readonly record struct BatchSize(int Sequences, int Tokens, int Asked)
{
    /// <summary>Those of a batch.</summary>
    public static BatchSize Of(Batch batch) => new(batch.Sequences, batch.Tokens, batch.Asked);
}

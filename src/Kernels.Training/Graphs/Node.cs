namespace Kernels.Training.Graphs;

/// <summary>
/// One step of a computation with its derivative (reverse-mode differentiation: Griewank and Walther 2008, section 3.2). Nodes of a graph run in order, and
/// backwards in the opposite one.
/// </summary>
/// <param name="output">What it writes; no other node writes the same numbers.</param>
/// <param name="inputs">What it reads.</param>
internal abstract class Node(Value output, params IReadOnlyList<Value> inputs)
{
    /// <summary>What it writes.</summary>
    public Value Output => output;

    /// <summary>What it reads.</summary>
    public IReadOnlyList<Value> Inputs => inputs;

    /// <summary>Computes the output. Allocates nothing.</summary>
    public abstract void Forward();

    /// <summary>
    /// Adds to the gradients of the inputs what the gradient of the output makes of them; <see cref="Forward"/> was called before. Allocates nothing.
    /// </summary>
    public abstract void Backward();
}

using Kernels.Training.Graphs;

namespace Kernels.Training.Models;

/// <summary>The computation of a model for batches of some sizes.</summary>
/// <param name="graph">Its nodes; owned.</param>
/// <param name="loss">The last of them.</param>
/// <param name="place">Puts the words of a batch, and the places that are asked, where the graph reads them.</param>
internal sealed class SequenceProgram(Graph graph, CrossEntropy loss, Action<Batch> place) : IDisposable
{
    /// <summary>Its nodes.</summary>
    public Graph Graph => graph;

    /// <summary>The last of them.</summary>
    public CrossEntropy Loss => loss;

    /// <summary>Computes the loss of a batch, mean over all that is asked, times its weight.</summary>
    public double Forward(Batch batch)
    {
        place(batch);
        batch.Targets.CopyTo(loss.Targets, 0);
        Hide(batch);
        graph.Forward();
        return loss.Output.Numbers[0];
    }

    /// <summary>How many of the asked words of a batch are right: the most probable of the whole vocabulary.</summary>
    public int Right(Batch batch)
    {
        Forward(batch);
        int right = 0;
        for (int row = 0; row < batch.Targets.Length; row++)
            right += loss.Best(row) == batch.Targets[row] ? 1 : 0;
        return right;
    }

    private void Hide(Batch batch)
    {
        Array.Fill(loss.Hidden, batch.AnswersFromSentence ? float.NegativeInfinity : 0);
        int vocabulary = loss.Probabilities.Columns;
        for (int row = 0; batch.AnswersFromSentence && row < batch.Targets.Length; row++)
        {
            foreach (int word in batch.Ids.AsSpan(row / batch.Asked * batch.Tokens, batch.Tokens))
                loss.Hidden[row * vocabulary + word] = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => graph.Dispose();
}

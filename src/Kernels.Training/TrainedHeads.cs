using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Graphs;
using Kernels.Training.Models;
using Kernels.Training.Tasks;

namespace Kernels.Training;

/// <summary>What the heads of a trained model attend with in a text, and what the model says.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Idea">What it is.</param>
/// <param name="Words">Of the text.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Heads of each.</param>
/// <param name="HeadDim">Channels of each.</param>
/// <param name="Q">[layers, heads, words, headDim].</param>
/// <param name="K">[layers, heads, words, headDim].</param>
/// <param name="IsCausal">Whether no word sees a later one.</param>
/// <param name="Asked">The place at which the model was asked.</param>
/// <param name="Answer">The word that it says there.</param>
/// <param name="Probability">Its probability.</param>
public sealed record TrainedHeads(
    string Model, string Idea, IReadOnlyList<string> Words, int Layers, int Heads, int HeadDim,
    float[] Q, float[] K, bool IsCausal, int Asked, string Answer, double Probability)
{
    /// <summary>Computes them.</summary>
    /// <param name="task">What the model learned.</param>
    /// <param name="model">One with attention.</param>
    /// <param name="parameters">Its trained parameters.</param>
    /// <param name="kernels">What it runs on.</param>
    /// <param name="text">Words of the task.</param>
    /// <exception cref="UserError">The text has unknown words, is too long, or has nothing that the task asks for.</exception>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public static TrainedHeads Of(TrainingTask task, SequenceModel model, ParameterSet parameters, TrainingKernels kernels, string text)
    {
        IReadOnlyList<int> ids = task.Vocabulary.Parse(text);
        if (ids.Count > model.MostTokens)
            throw new UserError($"The text has {ids.Count} words; this model has positions for {model.MostTokens}.");
        int asked = task.Asked(ids);
        var batch = new Batch(1, ids.Count, [.. ids], [asked], [0]) { AnswersFromSentence = task.AnswersFromSentence };
        using SequenceProgram program = model.Build(new Graph(kernels, SerialExecutor.Instance), parameters, BatchSize.Of(batch), 1);
        program.Forward(batch);
        SelfAttention[] layers = [.. program.Graph.Nodes.OfType<SelfAttention>()];
        AttentionProblem problem = layers[0].Problem;
        int best = program.Loss.Best(0);
        return new(
            model.Name, model.Idea, [.. ids.Select(id => task.Vocabulary.Words[id])], layers.Length,
            problem.Heads, problem.HeadDim, HeadMajor(layers, 0), HeadMajor(layers, 1),
            problem.Mask == AttentionMask.Causal, asked, task.Vocabulary.Words[best], program.Loss.Probabilities.Numbers[best]);
    }

    private static float[] HeadMajor(SelfAttention[] layers, int input) =>
    [
        .. from layer in layers
           from head in Enumerable.Range(0, layer.Problem.Heads)
           from token in Enumerable.Range(0, layer.Problem.Queries)
           from channel in Enumerable.Range(head * layer.Problem.HeadDim, layer.Problem.HeadDim)
           select layer.Inputs[input].Numbers[token * layer.Inputs[input].Columns + channel],
    ];
}

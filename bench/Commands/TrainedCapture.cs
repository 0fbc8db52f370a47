using Kernels.Bench.Commands.Selection;
using Kernels.Report.Attend;
using Kernels.Results;
using Kernels.Training;
using Kernels.Training.Models;
using Kernels.Training.Tasks;

namespace Kernels.Bench.Commands;

/// <summary>What a model that was trained here attends to in texts, for the page of <c>attend</c>.</summary>
internal static class TrainedCapture
{
    /// <summary>Of texts, and of the examples of what it learned behind them.</summary>
    /// <param name="folder">Of the training.</param>
    /// <param name="texts">Words of its task.</param>
    /// <exception cref="UserError">There is no training, it is damaged, or a text has other words.</exception>
    public static IReadOnlyList<AttentionCapture> All(string folder, IEnumerable<string> texts)
    {
        (TrainingTask task, SequenceModel model, ParameterSet parameters) = TrainingFolder.LastTransformer(folder);
        using (parameters)
        {
            return [.. texts.Concat(task.Examples).Distinct()
                .Select(text => Of(TrainedHeads.Of(task, model, parameters, TrainingSelection.Parse(null), text), text))];
        }
    }

    private static AttentionCapture Of(TrainedHeads heads, string text)
    {
        var tensors = new AttentionTensors(heads.Layers, heads.Heads, heads.HeadDim, heads.Words.Count, heads.Words.Count, heads.Q, heads.K);
        string says = $"At \"{heads.Words[heads.Asked]}\" it says \"{heads.Answer}\" with probability {heads.Probability:f3}.";
        AttentionViewKind kind = heads.IsCausal ? AttentionViewKind.Causal : AttentionViewKind.Self;
        return new AttentionCapture(new AttentionView(kind, heads.Words, heads.Words, tensors, says))
        {
            Title = text,
            Text = text,
            Model = $"trained here: {heads.Model}",
            Source = $"Queries and keys of a {heads.Idea} that was trained by this program, computed in float32. {says}",
        };
    }
}

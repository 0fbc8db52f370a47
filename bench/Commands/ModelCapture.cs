using Kernels.Models;
using Kernels.Models.Text;
using Kernels.Report.Attend;

namespace Kernels.Bench.Commands;

/// <summary>What a trained model attends to in a text, for the page of <c>attend</c>.</summary>
internal static class ModelCapture
{
    /// <summary>Queries and keys of every layer and head.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoder">Its computation in float64.</param>
    /// <param name="text">The text.</param>
    /// <param name="second">A second text, whose keys the cross view has; null for none.</param>
    public static AttentionCapture Of(MiniLm model, ReferenceEncoder encoder, string text, string? second)
    {
        TokenizedText first = model.Tokenizer.Tokenize(text);
        EncodedText encoded = encoder.Run([.. first.Ids], keepHeads: true);
        List<AttentionView> views = [new(AttentionViewKind.Self, first.Tokens, first.Tokens, Tensors(encoded, encoded))];
        if (second is not null)
        {
            TokenizedText other = model.Tokenizer.Tokenize(second);
            EncodedText keys = encoder.Run([.. other.Ids], keepHeads: true);
            views.Add(new(
                AttentionViewKind.Cross, first.Tokens, other.Tokens, Tensors(encoded, keys),
                "The model was trained to attend within one text. Here queries of the first text meet keys of the second, which it never saw."));
        }
        return new AttentionCapture(views)
        {
            Title = second is null ? text : $"{text} / {second}",
            Text = second is null ? text : $"{text} / {second}",
            Model = "all-MiniLM-L6-v2",
            Source = "Queries and keys of the trained encoder all-MiniLM-L6-v2 (6 layers, 12 heads of 32 channels), computed in float64 from its published "
                + "weights.",
        };
    }

    private static AttentionTensors Tensors(EncodedText queries, EncodedText keys) => new(
        queries.Heads.Length, queries.Heads[0].Heads, queries.Heads[0].HeadDim, queries.Tokens, keys.Tokens,
        [.. queries.Heads.SelectMany(heads => heads.Q).Select(number => (float)number)],
        [.. keys.Heads.SelectMany(heads => heads.K).Select(number => (float)number)]);
}

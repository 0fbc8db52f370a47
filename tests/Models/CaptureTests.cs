using Kernels.Models;
using Kernels.Models.Captures;
using Kernels.Models.Text;
using Kernels.Results;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>What a model attends with: captured, kept, and described.</summary>
[RunsOnce]
public sealed class CaptureTests
{
    private const string Source = "a source";

    private static readonly CapturedAttention made = Made();

    [Fact]
    public void The_passage_is_cut_into_consecutive_texts_of_their_lengths()
    {
        // Every word is unknown to it, and still a token at least.
        var tokenizer = Tokenizer.From(["[UNK]", "[CLS]", "[SEP]", "alice", "rabbit", ","], "x", MiniLm.Shape.Positions);
        IReadOnlyList<int[]> pieces = Passage.Cut(tokenizer, CapturedAttention.UsualLengths);
        int[] all = [.. Passage.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => tokenizer.Tokenize(line).Ids[1..^1])];

        Assert.Equal(CapturedAttention.UsualLengths, pieces.Select(piece => piece.Length));
        Assert.All(pieces, piece => Assert.Equal((1, 2), (piece[0], piece[^1])));
        int[] body = [.. pieces.SelectMany(piece => piece[1..^1])];
        Assert.Equal(all[..body.Length], body);
    }

    [Fact]
    public void Texts_lie_one_after_the_other_in_each_head()
    {
        EncoderWeights weights = LayeredEncoderTests.Random();
        EncoderShape shape = weights.Shape;
        int[][] texts = [[1, 2, 3], [4, 5, 6, 7, 8]];
        var captured = CapturedAttention.Of(weights, texts);

        Assert.Equal([3, 5], captured.Lengths);
        var encoder = new ReferenceEncoder(weights);
        for (int text = 0, first = 0; text < texts.Length; first += texts[text++].Length)
        {
            EncodedText encoded = encoder.Run(texts[text], keepHeads: true);
            for (int layer = 0; layer < shape.Layers; layer++)
                for (int head = 0; head < shape.Heads; head++)
                {
                    int from = head * texts[text].Length * shape.HeadDim, count = texts[text].Length * shape.HeadDim;
                    int to = ((layer * shape.Heads + head) * 8 + first) * shape.HeadDim;
                    Assert.Equal(encoded.Heads[layer].Q[from..(from + count)].Select(number => (float)number), captured.Q[to..(to + count)]);
                    Assert.Equal(encoded.Heads[layer].K[from..(from + count)].Select(number => (float)number), captured.K[to..(to + count)]);
                    Assert.Equal(encoded.Heads[layer].V[from..(from + count)].Select(number => (float)number), captured.V[to..(to + count)]);
                }
        }
    }

    [Fact]
    public void A_kept_capture_is_read_back_and_a_damaged_or_foreign_one_is_not()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(CaptureFile.Name);
        Assert.Null(CaptureFile.Read(path, Source));
        CaptureFile.Write(path, Source, made);
        CaptureFile.Write(path, Source, made);

        Assert.Equal([CaptureFile.Name], folder.Files);
        CapturedAttention kept = CaptureFile.Read(path, Source)!;
        Assert.True(kept.Q.SequenceEqual(made.Q) && kept.K.SequenceEqual(made.K) && kept.V.SequenceEqual(made.V));
        Assert.Null(CaptureFile.Read(path, "another source"));
        byte[] bytes = File.ReadAllBytes(path);
        foreach (int place in new[] { 3, 20, bytes.Length / 2, bytes.Length - 1 })
        {
            byte[] damaged = [.. bytes];
            damaged[place] ^= 4;
            File.WriteAllBytes(path, damaged);
            Assert.Null(CaptureFile.Read(path, Source));
        }
        File.WriteAllBytes(path, bytes[..^1]);
        Assert.Null(CaptureFile.Read(path, Source));
    }

    [Fact]
    public void Without_a_model_nothing_is_captured()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("model fetch minilm", Assert.Throws<UserError>(() => CaptureFile.Load(folder.Path)).Message);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void The_models_capture_is_kept_beside_it()
    {
        string fetched = ModelFolder.Of(Repository.Root, MiniLm.Name);
        Assert.SkipUnless(MiniLm.IsIn(fetched), "the model was not fetched: model fetch minilm");
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { MiniLm.OnnxName, MiniLm.VocabularyName })
            File.CreateSymbolicLink(folder.File(name), Path.Combine(fetched, name));

        CapturedAttention captured = CaptureFile.Load(folder.Path);
        DateTime written = File.GetLastWriteTimeUtc(folder.File(CaptureFile.Name));
        CapturedAttention kept = CaptureFile.Load(folder.Path);

        Assert.Equal(written, File.GetLastWriteTimeUtc(folder.File(CaptureFile.Name)));
        Assert.Equal(captured.K, kept.K);
        Assert.All((float[][])[captured.Q, captured.K, captured.V], numbers => Assert.All(numbers, number => Assert.True(float.IsFinite(number))));
    }

    [Fact]
    public void Outliers_and_peaks_are_seen()
    {
        // Two heads of two tokens and two channels. Queries of head 0 look at one key each, those of head 1 at both alike.
        var layer = new HeadInputs(2, 2, [8, 0, 0, 8, 0, 0, 0, 0], [4, 0, 0, 4, 1, 0, 0, 1], [1, 1, -1, 1, 1, -9, 1, 1]);
        var seen = AttentionSummary.Of(layer);

        double peaked = 1 / (1 + Math.Exp(-32 / Math.Sqrt(2)));
        Assert.Equal(32 / Math.Sqrt(2), seen.LargestScore, 1e-12);
        Assert.Equal((0.5 + peaked) / 2, seen.LargestWeight, 1e-12);
        Assert.Equal(0.5, seen.PeakedRows);
        // Largest of the channels: 8, 8, 0, 0; 4, 4, 1, 1; 1, 1, 1, 9.
        Assert.Equal((2, 1.6, 9), (seen.QOutlier, seen.KOutlier, seen.VOutlier));
    }

    private static CapturedAttention Made()
    {
        EncoderShape shape = MiniLm.Shape;
        int count = shape.Layers * CapturedAttention.UsualLengths.Sum() * shape.Width;
        float[] Numbers(float factor) => [.. Enumerable.Range(0, count).Select(i => factor * i)];
        return new(shape.Layers, shape.Heads, shape.HeadDim, CapturedAttention.UsualLengths, Numbers(1), Numbers(-0.5f), Numbers(0.25f));
    }
}

using Kernels.Report.Attend;
using Kernels.Results;
using SkiaSharp;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Weights, captures and pictures of what heads attend to.</summary>
[RunsOnce]
public sealed class AttendTests
{
    /// <summary>Two keys whose products differ by ln 3 at the scale 1/√d have the weights 1/4 and 3/4.</summary>
    [Fact]
    public void Weights_are_the_softmax_of_scaled_products()
    {
        float difference = (float)(Math.Log(3) * 2);
        AttentionView view = new(
            AttentionViewKind.Self, ["a", "b"], ["a", "b"],
            new AttentionTensors(1, 1, 4, 2, 2, [1, 0, 0, 0, 1, 0, 0, 0], [0, 9, 9, 9, difference, 9, 9, 9]));
        var weights = AttentionWeights.Of(view, 0, 0);
        Assert.Equal([0.25, 0.75], weights.Row(0).ToArray().Select(weight => Math.Round(weight, 6)));
        Assert.Equal(0.811278, weights.Entropy(0), 6);
        Assert.Equal(0.75, weights.Distance(0), 6);
        Assert.Equal(0.25, weights.Distance(1), 6);
        // Twice the scale squares the ratio.
        Assert.Equal(0.9, AttentionWeights.Of(view, 0, 0, 2)[0, 1], 6);

        var causal = AttentionWeights.Of(new AttentionView(AttentionViewKind.Causal, ["a", "b"], ["a", "b"], view.Tensors), 0, 0);
        Assert.Equal([1.0, 0.0], causal.Row(0).ToArray());
        Assert.Equal(0, causal.Entropy(0));
        Assert.Equal(weights[1, 1], causal[1, 1]);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_sum_to_one_and_a_larger_scale_has_less_entropy(double multiple)
    {
        foreach (AttentionView view in AttendCaptures.Small.Views)
        {
            AttentionWeights weights = AttentionWeights.Of(view, 1, 2, multiple), flatter = AttentionWeights.Of(view, 1, 2, multiple / 2);
            Assert.All(Enumerable.Range(0, weights.Queries), query => Assert.Equal(1, weights.Sum(query), 12));
            Assert.True(weights.MeanEntropy < flatter.MeanEntropy);
        }
    }

    [Fact]
    public void Every_head_is_ordered_by_its_weight_of_a_link()
    {
        AttentionView view = AttendCaptures.Small.View(AttentionViewKind.Self);
        IReadOnlyList<HeadLink> links = HeadLink.Of(view, 5, 1);
        Assert.Equal(6, links.Count);
        Assert.Equal(links.Select(link => link.Weight).OrderDescending(), links.Select(link => link.Weight));
        Assert.All(links, link => Assert.Equal(AttentionWeights.Of(view, link.Layer, link.Head)[5, 1], link.Weight));
    }

    [Fact]
    public void Heads_made_by_hand_do_what_their_names_say()
    {
        const string Text = "The animal didn't cross the street because it was too tired";
        AttentionCapture capture = HandMadeHeads.Capture(Text, "It saw the street");
        AttentionView view = capture.View(AttentionViewKind.Self);
        Assert.Equal(Text, string.Join(' ', view.QueryTokens));
        var previous = AttentionWeights.Of(view, 0, 0);
        Assert.All(Enumerable.Range(1, 10), query => Assert.True(previous[query, query - 1] > 0.8));
        var same = AttentionWeights.Of(view, 0, 1);
        Assert.Equal(same[7, 1], same[7, 5], 5);
        Assert.True(same[7, 1] > 0.4 && same[0, 4] > 0.4 && same[3, 3] > 0.8);
        Assert.True(AttentionWeights.Of(capture.View(AttentionViewKind.Cross), 0, 1)[5, 3] > 0.8);
        Assert.Contains("no training", capture.Source, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_capture_offers_the_causal_view_of_its_own_text()
    {
        Assert.Equal(Enum.GetValues<AttentionViewKind>(), AttendCaptures.Small.Views.Select(view => view.Kind));
        Assert.Same(AttendCaptures.Small.Views[0].Tensors, AttendCaptures.Small.Views[1].Tensors);
        Assert.Throws<ArgumentException>(() => HandMadeHeads.Capture("a").View(AttentionViewKind.Cross));
        Assert.Throws<ArgumentException>(() => new AttentionTensors(1, 1, 2, 1, 1, [1, float.NaN], [1, 1]));
        Assert.Throws<ArgumentException>(() => new AttentionTensors(1, 1, 2, 1, 1, [1, 1, 1], [1, 1]));
    }

    [Fact]
    public void The_page_is_whole_or_not_there_and_asks_for_nothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("attend.html");
        AttendPage.Write(path, [AttendCaptures.OfHostile]);
        string page = File.ReadAllText(path);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("src=x", page.Replace("\\u003Cimg src=x", "", StringComparison.Ordinal));
        Assert.Equal(["attend.html"], folder.Files);
        UserError error = Assert.Throws<UserError>(() => AttendPage.Write(path, [AttendCaptures.Small], new AttendStart { Layer = 2 }));
        Assert.Equal("There is no layer 3; layers are 1 to 2.", error.Message);
        Assert.Equal(page, File.ReadAllText(path));
    }

    [Theory]
    [InlineData(AttentionViewKind.Self)]
    [InlineData(AttentionViewKind.Causal)]
    [InlineData(AttentionViewKind.Cross)]
    public void The_picture_has_tokens_and_darker_cells_for_larger_weights(AttentionViewKind kind)
    {
        using var folder = new TemporaryFolder();
        AttendPicture.Write(folder.File("map.png"), HandMadeHeads.Capture("The cat sat down", "The cat sat"), kind, 0, 1);
        using SKBitmap png = SKBitmap.Decode(folder.File("map.png"));
        int ink = 0, dark = 0;
        for (int y = 0; y < png.Height; y++)
        {
            for (int x = 0; x < png.Width; x++)
            {
                int sum = png.GetPixel(x, y).Red + png.GetPixel(x, y).Green + png.GetPixel(x, y).Blue;
                (ink, dark) = (ink + (sum < 600 ? 1 : 0), dark + (y > png.Height / 2 && sum < 200 ? 1 : 0));
            }
        }
        Assert.True(ink > 5000 && dark > 3000, $"{ink} and {dark} pixels");
    }

    /// <summary>512 tokens on 72 heads, the largest that the page promises.</summary>
    [Fact]
    public void A_long_text_has_a_picture_and_hostile_tokens_have_one()
    {
        string[] tokens = [.. Enumerable.Range(0, 512).Select(index => $"t{index}")];
        AttentionView view = new(AttentionViewKind.Self, tokens, tokens, AttendCaptures.Tensors(1, 1, 4, 512, 512));
        var capture = new AttentionCapture(view) { Title = "long", Text = "long", Model = "m", Source = "s" };
        using SKBitmap png = SKBitmap.Decode(AttendPicture.Png(capture, AttentionViewKind.Causal, 0, 0, 3));
        Assert.True(png.Height > 1024);
        Assert.NotEmpty(AttendPicture.Png(AttendCaptures.OfHostile, AttentionViewKind.Cross, 1, 2));
    }
}

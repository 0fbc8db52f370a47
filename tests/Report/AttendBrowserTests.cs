using Deque.AxeCore.Commons;
using Kernels.Report.Attend;
using PuppeteerSharp.Input;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>What the page computes and shows in a real browser, where one is installed.</summary>
[RunsOnce]
public sealed class AttendBrowserTests(AttendBrowser browser) : IClassFixture<AttendBrowser>
{
    // Of the four digits that a page shows.
    private const double Tolerance = 1e-4;

    private static AttentionView Self => AttendCaptures.Small.View(AttentionViewKind.Self);

    [Fact]
    public async Task It_opens_at_the_strongest_head_of_a_pronoun_and_its_noun()
    {
        await using AttendTab page = await Open([AttendCaptures.Small]);
        HeadLink best = HeadLink.Of(Self, 5, 1)[0];
        Assert.Equal((best.Layer, best.Head), await page.Head());
        Assert.Equal("it", await page.Text("#query-name"));
        await page.Shows(AttentionWeights.Of(Self, best.Layer, best.Head), 5);
        Assert.Equal([page.Address], page.Requests);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Every_choice_changes_the_numbers()
    {
        await using AttendTab page = await Open([AttendCaptures.Small], new AttendStart { Layer = 1, Head = 2 });
        await page.Shows(AttentionWeights.Of(Self, 1, 2), 5);
        await page.Click("#strip button:nth-child(3)");
        await page.Shows(AttentionWeights.Of(Self, 1, 2), 2);
        await page.Page.SelectAsync("#layer", "0");
        await page.Page.SelectAsync("#head", "1");
        await page.Shows(AttentionWeights.Of(Self, 0, 1), 2);
        foreach (double multiple in (double[])[0.2, 3, 1.37])
        {
            await page.Scale(multiple);
            await page.Shows(AttentionWeights.Of(Self, 0, 1, multiple), 2);
            Assert.Equal(multiple.ToString("F2"), (await page.Text("#scale-value"))[..4]);
        }
        await page.Click("#views [data-value=causal]");
        await page.Shows(AttentionWeights.Of(AttendCaptures.Small.View(AttentionViewKind.Causal), 0, 1, 1.37), 5, keys: 6);
        await page.Click("#views [data-value=cross]");
        await page.Shows(AttentionWeights.Of(AttendCaptures.Small.View(AttentionViewKind.Cross), 0, 1, 1.37), 7);
        Assert.Contains("view=cross&layer=1&head=2&query=8&scale=1.37", page.Page.Url, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Keys_choose_tokens_and_move_over_the_map()
    {
        await using AttendTab page = await Open([AttendCaptures.Small], new AttendStart { Layer = 0, Head = 0 });
        await page.Page.FocusAsync("#strip [aria-pressed=true]");
        await page.Page.Keyboard.PressAsync(Key.ArrowLeft);
        await page.Page.Keyboard.PressAsync(Key.Enter);
        await page.Shows(AttentionWeights.Of(Self, 0, 0), 4);

        await page.Page.FocusAsync("#map");
        await page.Page.Keyboard.PressAsync(Key.ArrowDown);
        await page.Page.Keyboard.PressAsync(Key.ArrowRight);
        string shown = await page.Text("#cell");
        Assert.StartsWith("Query it → animal ", shown, StringComparison.Ordinal);
        string weight = AttentionWeights.Of(Self, 0, 0)[5, 1].ToString("F4");
        Assert.Contains(weight, shown, StringComparison.Ordinal);
        await page.Page.Keyboard.PressAsync(Key.Enter);
        await page.Shows(AttentionWeights.Of(Self, 0, 0), 5);
    }

    [Fact]
    public async Task The_map_shows_a_cell_under_the_pointer()
    {
        await using AttendTab page = await Open([AttendCaptures.Small], new AttendStart { Layer = 0, Head = 0 });
        await page.Page.EvaluateExpressionAsync("document.getElementById('map').scrollIntoView({ block: 'center', behavior: 'instant' })");
        double[] area = await page.Page.EvaluateExpressionAsync<double[]>(
            "(box => [box.left, box.top, box.width, box.height])(document.getElementById('map').getBoundingClientRect())");
        // Upwards and to the left from the last cell's corner.
        await page.Page.Mouse.MoveAsync((decimal)(area[0] + area[2] * 0.4), (decimal)(area[1] + area[3] - 20));
        Assert.StartsWith(". → ", await page.Text("#tip"), StringComparison.Ordinal);
        Assert.False(await page.Page.EvaluateExpressionAsync<bool>("document.getElementById('tip').hidden"));
    }

    [Fact]
    public async Task Every_head_has_its_entropy_and_distance_and_a_small_map()
    {
        await using AttendTab page = await Open([AttendCaptures.Small]);
        await page.Scale(2);
        await page.Click("#head-table summary");
        await page.Page.WaitForSelectorAsync("#thumbs[data-scale='2']");
        double[][] shown = await page.Page.EvaluateExpressionAsync<double[][]>(
            "[...document.querySelectorAll('.thumb')].map(each => [Number(each.dataset.entropy), Number(each.dataset.distance)])");
        string[][] table = await page.Page.EvaluateExpressionAsync<string[][]>(
            "[...document.querySelectorAll('#head-table tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))");
        Assert.Equal((6, 6), (shown.Length, table.Length));
        foreach ((int index, double[] each) in shown.Index())
        {
            var expected = AttentionWeights.Of(Self, index / 3, index % 3, 2);
            Assert.Equal(expected.MeanEntropy, each[0], 1e-9);
            Assert.Equal(expected.MeanDistance, each[1], 1e-9);
            Assert.Equal(expected.MeanEntropy, double.Parse(table[index][2]), Tolerance);
            Assert.Equal(expected.MeanDistance, double.Parse(table[index][3]), Tolerance);
        }
        string title = await page.Page.EvaluateExpressionAsync<string>("document.querySelectorAll('.thumb')[4].title");
        Assert.Contains($"mean entropy {shown[4][0]:F2} bits", title, StringComparison.Ordinal);
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>(
            "[...document.querySelectorAll('.thumb canvas')].every(each => each.width === 8 && each.height === 8)"));
        await page.Click(".thumb:nth-of-type(5)");
        Assert.Equal((1, 1), await page.Head());
    }

    [Fact]
    public async Task Heads_that_link_two_tokens_are_listed_with_the_mean()
    {
        await using AttendTab page = await Open([AttendCaptures.Small], new AttendStart { Layer = 0, Head = 0 });
        await page.Page.SelectAsync("#from", "6");
        await page.Page.SelectAsync("#to", "3");
        IReadOnlyList<HeadLink> links = HeadLink.Of(Self, 6, 3);
        string[] heads = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#links tbody tr')].map(row => row.dataset.head)");
        Assert.Equal(links.Select(link => $"{link.Layer + 1}.{link.Head + 1}"), heads);
        string[] numbers = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#links .number')].map(each => each.textContent)");
        Assert.All(links.Index(), link =>
            Assert.Equal(link.Item.Weight, double.Parse(numbers[link.Index]), Tolerance));
        double mean = double.Parse(await page.Text("#link-mean"));
        Assert.Equal(links.Average(link => link.Weight), mean, Tolerance);
        string[] everyone = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#links .everyone')].map(each => each.textContent)");
        Assert.All(links.Index(), link =>
        {
            var all = AttentionWeights.Of(Self, link.Item.Layer, link.Item.Head);
            double expected = Enumerable.Range(0, all.Queries).Average(query => all[query, 3]);
            Assert.Equal(expected, double.Parse(everyone[link.Index]), Tolerance);
        });
        await page.Click("#links tbody tr:nth-child(2) button");
        Assert.Equal((links[1].Layer, links[1].Head), await page.Head());
        await page.Shows(AttentionWeights.Of(Self, links[1].Layer, links[1].Head), 6);
    }

    [Fact]
    public async Task Another_text_is_chosen_and_tokens_are_text()
    {
        await using AttendTab page = await Open([AttendCaptures.Small, AttendCaptures.OfHostile]);
        await page.Click("#texts button:nth-child(2)");
        string[] tokens = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('#strip bdi')].map(each => each.textContent)");
        Assert.Equal([.. AttendCaptures.HostileTokens[..5], "∅", "␣", "↵", "\uFFFD", "\uFFFD", "{{x}}", "it"], tokens);
        foreach (string view in (string[])["causal", "cross"])
            await page.Click($"#views [data-value={view}]");
        await page.Click("#rows summary");
        const string Markup = "document.querySelectorAll('main img, main script, main b b').length";
        Assert.Equal(0, await page.Page.EvaluateExpressionAsync<int>(Markup));
        Assert.Equal(AttendCaptures.Hostile, await page.Text("#model"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Paper_has_every_small_map_in_light_colours()
    {
        await using AttendTab page = await Open([AttendCaptures.Small]);
        await page.Click("#theme");
        await page.Page.EvaluateExpressionAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal("light", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.theme"));
        Assert.NotEqual("", await page.Page.EvaluateExpressionAsync<string>("document.getElementById('thumbs').dataset.scale ?? ''"));
        await page.Page.EvaluateExpressionAsync("dispatchEvent(new Event('afterprint'))");
        Assert.Equal("dark", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.theme"));
    }

    [Theory]
    [InlineData(1300, "light", AttentionViewKind.Self)]
    [InlineData(420, "dark", AttentionViewKind.Causal)]
    [InlineData(420, "light", AttentionViewKind.Cross)]
    public async Task Nothing_keeps_people_from_reading_it(int width, string theme, AttentionViewKind view)
    {
        AttentionCapture[] captures = [AttendCaptures.Small, AttendCaptures.OfHostile, Long];
        await using AttendTab page = await Open(captures, new AttendStart { View = view }, width);
        // Long tokens and many of them, too.
        foreach (int text in (int[])[1, 2, 3])
        {
            await page.Click($"#texts button:nth-child({text})");
            await page.Page.EvaluateFunctionAsync(
                """
                theme => {
                  const button = document.getElementById('theme');
                  if (button.textContent.toLowerCase() === theme) button.click();
                }
                """,
                theme);
            if (text == 1)
            {
                await page.Click("#head-table summary");
                await page.Click("#rows summary");
                await page.Page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
            }
            Assert.Empty(await page.Page.EvaluateFunctionAsync<string[]>(
                """
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                  .filter(found => found.impact === 'serious' || found.impact === 'critical')
                  .map(found => `${found.id}: ${found.nodes.length} × ${found.nodes[0].html}`)
                """));
            Assert.Empty(await page.Page.EvaluateExpressionAsync<string[]>(
                """
                [...document.querySelectorAll('main *')]
                  .filter(element => element.getBoundingClientRect().right > innerWidth && element.closest('.scroll, svg') === null)
                  .map(element => element.outerHTML.slice(0, 300))
                """));
        }
    }

    // More tokens than the page shows with numbers.
    private static AttentionCapture Long { get; } =
        AttendCaptures.Of("long", Numbered("token", 120), Numbered("key", 90));

    private static string[] Numbered(string name, int count) => [.. Enumerable.Range(0, count).Select(index => $"{name}{index}")];

    private async Task<AttendTab> Open(AttentionCapture[] captures, AttendStart? start = null, int width = 1300)
    {
        AttendTab page = await browser.NewTab();
        await page.Open(captures, start, width);
        return page;
    }
}

using Kernels.Report;
using Kernels.Report.Files;
using Kernels.Results;
using PuppeteerSharp;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>The page in a real browser, where one is installed.</summary>
[RunsOnce]
public sealed class BrowserTests(BrowserTests.Browser browser) : IClassFixture<BrowserTests.Browser>
{
    private const string Time = "time-b1-h8-d64-full-t1", Share = "share-b1-h8-d64-full-t1";

    private static readonly int[] lengths = [128, 256, 512];

    // Twelve lines are too many to begin with: the slow ones of a family are shown on demand.
    private static readonly Line[] lines =
        [.. Enumerable.Range(1, 11).Select(index => new Line($"flash-{index}", n => index * 10.0 * n * n)), new("simd-a", n => 50.0 * n * n)];

    [Fact]
    public async Task Charts_draw_without_error_and_nothing_is_requested()
    {
        await using OpenPage page = await browser.Open(Synthetic.Run());

        Assert.Equal("true", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.ready"));
        await page.Shows(Time);
        Assert.True(await page.Page.EvaluateExpressionAsync<int>($"document.querySelectorAll('[data-chart={Time}] svg path').length") > 20);
        Assert.False(await page.Page.EvaluateExpressionAsync<bool>("[...document.querySelectorAll('.still')].some(still => still.offsetParent !== null)"));
        Assert.Empty(page.Complaints);
        Assert.Equal(["file", "data"], page.Requests.Select(request => request.Split(':')[0]).Distinct());
        Assert.Single(page.Requests, request => request.StartsWith("file:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hover_shows_the_figures_of_the_case()
    {
        await using OpenPage page = await browser.Open(SyntheticSweep.Run(lengths, lines));

        string hover = await page.Hover(Time, "flash-2", index: 1);

        // 2·10·256² ns.
        Assert.Contains("flash-2, N = 256", hover, StringComparison.Ordinal);
        Assert.Contains("1.31 ms (1.28 ms to 1.34 ms), ±2.00 %", hover.Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.Contains("exact GFLOP/s", hover, StringComparison.Ordinal);
        Assert.Contains("of the multiply-add peak", hover, StringComparison.Ordinal);
        Assert.Contains("0.800× that of plain float32", hover, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_lines_begin_with_the_foremost_and_the_legend_acts_on_all_charts()
    {
        await using OpenPage page = await browser.Open(SyntheticSweep.Run(lengths, lines));
        await page.Shows(Time);
        await page.Shows(Share);
        Assert.Equal(["flash-1", "simd-a"], await page.Lines(Time));

        await page.Click("#every");
        Assert.Equal(12, (await page.Lines(Time)).Length);
        Assert.Equal(12, (await page.Lines(Share)).Length);

        await page.Click("[data-legend=flash-3] input");
        Assert.DoesNotContain("flash-3", await page.Lines(Time));
        Assert.DoesNotContain("flash-3", await page.Lines(Share));

        await page.Click("[data-family=flash] b");
        Assert.Equal(12, (await page.Lines(Share)).Length);
        await page.Click("[data-family=flash] b");
        Assert.Equal(["simd-a"], await page.Lines(Time));
    }

    [Fact]
    public async Task Names_are_text_and_not_markup()
    {
        await using OpenPage page = await browser.Open(Synthetic.Run());

        string hover = await page.Hover(Time, Synthetic.Hostile.Replace('\u0001', '\uFFFD'), index: 0);

        Assert.Contains("<script>alert(1)</script>", hover, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_picture_stands_there_without_script_and_in_print()
    {
        await using OpenPage page = await browser.Open(Synthetic.Run());
        await page.Page.EmulateMediaTypeAsync(PuppeteerSharp.Media.MediaType.Print);
        const string Stills = "[...document.querySelectorAll('.still')].filter(still => still.offsetParent !== null && still.naturalWidth > 100).length";
        const string Charts = "[...document.querySelectorAll('[data-chart]')].filter(chart => chart.offsetParent !== null).length";
        int all = await page.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('.still').length");
        Assert.Equal((all, 0), (await page.Page.EvaluateExpressionAsync<int>(Stills), await page.Page.EvaluateExpressionAsync<int>(Charts)));

        await page.Page.EmulateMediaTypeAsync(PuppeteerSharp.Media.MediaType.Screen);
        await page.Page.SetJavaScriptEnabledAsync(false);
        await page.Page.ReloadAsync();
        Assert.Equal((all, 0), (await page.Page.EvaluateExpressionAsync<int>(Stills), await page.Page.EvaluateExpressionAsync<int>(Charts)));
    }

    [Fact]
    public async Task A_run_without_charts_opens()
    {
        await using OpenPage page = await browser.Open(Synthetic.Run() with { Cases = [], Kernels = [] });
        Assert.Equal("true", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.ready"));
        Assert.Empty(page.Complaints);
    }

    /// <summary>A browser for the tests of this class.</summary>
    public sealed class Browser : IAsyncLifetime
    {
        private static readonly string[] programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

        private IBrowser? browser;

        public async ValueTask InitializeAsync()
        {
            string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .SelectMany(folder => programs.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
            if (program is not null)
                browser = await Puppeteer.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"], Timeout = 120_000 });
        }

        public async ValueTask DisposeAsync()
        {
            if (browser is not null)
                await browser.DisposeAsync();
        }

        internal async Task<OpenPage> Open(RunResults run)
        {
            Assert.SkipWhen(browser is null, "neither Chromium nor Chrome was found");
            var page = new OpenPage(await browser!.NewPageAsync());
            await page.Open(run);
            return page;
        }
    }

    /// <summary>A report, open in the browser.</summary>
    internal sealed class OpenPage(IPage page) : IAsyncDisposable
    {
        private readonly TemporaryFolder folder = new();

        public IPage Page => page;

        public List<string> Complaints { get; } = [];

        public List<string> Requests { get; } = [];

        public async Task Open(RunResults run)
        {
            ReportWriter.Write([run], folder.Path, withPng: false);
            page.DefaultTimeout = 60_000;
            page.Console += (_, message) => Complaints.Add(message.Message.Text);
            page.PageError += (_, failure) => Complaints.Add(failure.Message);
            page.Request += (_, request) => Requests.Add(request.Request.Url);
            await page.SetViewportAsync(new ViewPortOptions { Width = 1300, Height = 1000 });
            await page.GoToAsync(new Uri(folder.File(ReportFolder.Page)).AbsoluteUri);
        }

        /// <summary>Scrolls to a chart and waits until it is drawn.</summary>
        public async Task Shows(string chart)
        {
            await page.EvaluateExpressionAsync($"document.querySelector('[data-chart=\"{chart}\"]').scrollIntoView({{ block: 'center', behavior: 'instant' }})");
            await page.WaitForSelectorAsync($"[data-chart=\"{chart}\"] svg");
        }

        public async Task Click(string selector) => await page.EvaluateFunctionAsync("selector => document.querySelector(selector).click()", selector);

        /// <summary>The kernels whose lines a chart shows.</summary>
        public async Task<string[]> Lines(string chart) => await page.EvaluateFunctionAsync<string[]>(
            "name => echarts.getInstanceByDom(document.querySelector(`[data-chart='${name}']`)).getOption().series.filter(one => one.id.startsWith('line-')).map(one => one.name)",
            chart);

        /// <summary>Moves the mouse to a point of a line and returns the text that appears.</summary>
        public async Task<string> Hover(string chart, string kernel, int index)
        {
            await Shows(chart);
            // A faint line is shown on demand.
            if (!(await Lines(chart)).Contains(kernel))
                await Click("#every");
            await Shows(chart);
            double[] place = await page.EvaluateFunctionAsync<double[]>(
                """
                (name, kernel, index) => {
                  const element = document.querySelector(`[data-chart='${name}']`), chart = echarts.getInstanceByDom(element);
                  const series = chart.getOption().series.find(one => one.name === kernel);
                  const [x, y] = chart.convertToPixel({ seriesId: series.id }, series.data[index].value);
                  const box = element.getBoundingClientRect();
                  return [box.left + x, box.top + y];
                }
                """,
                chart, kernel, index);
            await page.Mouse.MoveAsync((decimal)place[0] - 3, (decimal)place[1] - 3);
            await page.Mouse.MoveAsync((decimal)place[0], (decimal)place[1]);
            IElementHandle hover = await page.WaitForSelectorAsync($"[data-chart=\"{chart}\"] .hover", new() { Visible = true });
            return await hover.EvaluateFunctionAsync<string>("element => element.textContent");
        }

        public async ValueTask DisposeAsync()
        {
            await page.CloseAsync();
            folder.Dispose();
        }
    }
}

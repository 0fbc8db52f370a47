using System.Xml.Linq;
using Deque.AxeCore.Commons;
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
    private const string Time = "time-b1-h8-d64-full-t1", Speed = "speed-b1-h8-d64-full-t1", Roofline = "roofline-b1-h8-d64-full-t1";

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
        Assert.Empty(page.Complaints);
        Assert.StartsWith("file:", Assert.Single(page.Requests), StringComparison.Ordinal);
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
        await page.Shows(Roofline);
        Assert.Equal(["flash-1", "simd-a"], await page.Lines(Time));

        await page.Click("#every");
        Assert.Equal(12, (await page.Lines(Time)).Length);
        Assert.Equal(12, (await page.Lines(Roofline)).Length);

        await page.Click("[data-legend=flash-3] input");
        Assert.DoesNotContain("flash-3", await page.Lines(Time));
        Assert.DoesNotContain("flash-3", await page.Lines(Roofline));

        await page.Click("[data-family=flash] b");
        Assert.Equal(12, (await page.Lines(Roofline)).Length);
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
    public async Task The_picker_answers_and_offers_only_what_was_measured()
    {
        await using OpenPage page = await browser.Open(TwoMasks());
        Assert.Equal(["flash-a", "5.24 ms", "simd-a", "4.00×"], await page.Answer());
        Assert.Equal(["128", "256", "512"], await page.Options("n"));

        await page.Choose("mask", "causal");
        Assert.Equal(["128", "256"], await page.Options("n"));
        Assert.Equal(["simd-a", "65.5 µs", "flash-a", "within the noise"], await page.Answer());
        Assert.Equal("b1-h8-d64-causal · 1 thread", await page.Page.EvaluateExpressionAsync<string>(
            "document.querySelector('#length .panel:not([hidden])').dataset.tab"));
        Assert.Contains("mask=causal&threads=1&n=256", page.Page.Url, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_link_leads_to_the_shape_and_the_tab_that_were_chosen()
    {
        await using OpenPage page = await browser.Open(TwoMasks(), "#errors&mask=causal&n=128&why=b1-h8-d64-full+%C2%B7+1+thread");
        Assert.Equal(("causal", "128"), (await page.Value("mask"), await page.Value("n")));
        Assert.Equal("b1-h8-d64-full · 1 thread", await page.Page.EvaluateExpressionAsync<string>(
            "document.querySelector('#why .panel:not([hidden])').dataset.tab"));
        await page.Page.WaitForFunctionAsync("() => scrollY > 500");

        await page.Click("nav a[href='#cases']");
        await page.Page.WaitForFunctionAsync("() => location.hash.startsWith('#cases&')");
        Assert.Contains("mask=causal", page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bars_have_their_values_on_them()
    {
        await using OpenPage page = await browser.Open(SyntheticSweep.Run(lengths, lines));
        await page.Shows(Speed);
        Assert.Equal(["flash-1", "simd-a"], await page.Lines(Speed));
        // 4·64·8·N² operations in 10·N² ns, and in 50·N².
        string[] texts = await page.Page.EvaluateExpressionAsync<string[]>(
            $"[...document.querySelectorAll('[data-chart={Speed}] svg text')].map(text => text.textContent)");
        Assert.Equal((3, 3), (texts.Count(text => text == "205"), texts.Count(text => text == "41")));
    }

    /// <summary>A page that was sent alone has no files beside it.</summary>
    [Fact]
    public async Task Rows_and_charts_are_saved_from_the_page_alone()
    {
        await using OpenPage page = await browser.Open(TwoMasks());
        await page.Shows(Speed);
        await page.Page.EvaluateExpressionAsync(
            """
            window.saved = [];
            URL.createObjectURL = blob => { blob.text().then(text => saved.push(['rows', text])); return 'blob:'; };
            HTMLAnchorElement.prototype.click = function () { if (this.href.startsWith('data:')) saved.push([this.download, this.href]); };
            const filter = document.querySelector('#filter input');
            filter.value = 'simd-a causal 256';
            filter.dispatchEvent(new Event('input'));
            """);

        await page.Click("#save");
        await page.Page.EvaluateFunctionAsync(
            """
            name => document.querySelector(`[data-chart='${name}']`).closest('figure').querySelectorAll('.files a')
              .forEach(link => link.dispatchEvent(new MouseEvent('click', { cancelable: true })))
            """,
            Speed);
        await page.Page.WaitForFunctionAsync("() => saved.length === 3");

        Dictionary<string, string> saved = (await page.Page.EvaluateExpressionAsync<string[][]>("saved")).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] rows = saved["rows"].Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("\"Kernel\",", rows[0], StringComparison.Ordinal);
        // 256² ns in microseconds.
        Assert.Contains("\"65.536\"", Assert.Single(rows[1..]), StringComparison.Ordinal);
        string svg = Uri.UnescapeDataString(saved[$"{Speed}.svg"]);
        Assert.Equal("svg", XElement.Parse(svg[(svg.IndexOf(',') + 1)..]).Name.LocalName);
        Assert.StartsWith("data:image/png", saved[$"{Speed}.png"], StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task On_paper_stand_the_chosen_charts_in_light_colours()
    {
        await using OpenPage page = await browser.Open(TwoMasks());
        await page.Click("#theme");
        await page.Page.EvaluateExpressionAsync("dispatchEvent(new Event('beforeprint'))");
        string[] shown = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('[data-chart]')].filter(chart => chart.offsetParent !== null).map(chart => "
                + "chart.querySelector('svg')?.getAttribute('viewBox') ?? chart.dataset.chart)");
        Assert.True(shown.Length >= 5);
        Assert.All(shown, box => Assert.Matches(@"^0 0 \d+ \d+$", box));
        Assert.Equal("light", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.theme"));
        await page.Page.EvaluateExpressionAsync("dispatchEvent(new Event('afterprint'))");
        Assert.Equal("dark", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.theme"));
    }

    [Fact]
    public async Task Without_script_the_answers_stand_in_a_table_and_charts_are_links()
    {
        await using OpenPage page = await browser.Open(TwoMasks());
        await page.Page.SetJavaScriptEnabledAsync(false);
        await page.Page.ReloadAsync();
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>(
            "document.getElementById('answers').offsetHeight > 100 && document.getElementById('picker').offsetHeight === 0"));
        Assert.True(await page.Page.EvaluateExpressionAsync<bool>($"document.querySelector('.files a[href=\"charts/{Speed}.svg\"]').offsetHeight > 0"));
    }

    /// <summary>The rules of WCAG 2 that axe-core tests, in both themes and on a narrow window.</summary>
    [Theory]
    [InlineData(1300, "light")]
    [InlineData(420, "dark")]
    public async Task Nothing_keeps_people_from_reading_it(int width, string theme)
    {
        await using OpenPage page = await browser.Open(Synthetic.Run());
        await page.Page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.Page.EvaluateFunctionAsync("theme => { document.documentElement.dataset.theme = theme; Charts.redraw(); }", theme);
        await page.Shows(Speed);
        await page.Page.EvaluateExpressionAsync(new BundledAxeScriptProvider().GetScript());
        string[] serious = await page.Page.EvaluateFunctionAsync<string[]>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter(found => found.impact === 'serious' || found.impact === 'critical')
              .map(found => `${found.id}: ${found.nodes.length} × ${found.nodes[0].html}`)
            """);
        Assert.Empty(serious);
        // What is wider than the window scrolls in a box of its own.
        Assert.Empty(await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('main *')].filter(element => element.getBoundingClientRect().right > innerWidth && element.closest('.scroll, "
                + "nav, svg') === null).map(element => element.outerHTML.slice(0, 300))"));
    }

    [Fact]
    public async Task A_run_without_charts_opens()
    {
        await using OpenPage page = await browser.Open(Synthetic.Run() with { Cases = [], Kernels = [] });
        Assert.Equal("true", await page.Page.EvaluateExpressionAsync<string>("document.documentElement.dataset.ready"));
        Assert.Empty(page.Complaints);
    }

    // Under the causal mask, at two lengths, simd is faster by less than the intervals.
    private static RunResults TwoMasks()
    {
        Line[] full = [new("flash-a", n => 20.0 * n * n), new("simd-a", n => 80.0 * n * n)],
            causal = [new("flash-a", n => 1.01 * n * n), new("simd-a", n => 1.0 * n * n)];
        RunResults run = SyntheticSweep.Run(lengths, full);
        return run with { Cases = [.. SyntheticSweep.Cases([128, 256], "causal", 1, causal), .. run.Cases] };
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

        internal async Task<OpenPage> Open(RunResults run, string fragment = "")
        {
            Assert.SkipWhen(browser is null, "neither Chromium nor Chrome was found");
            var page = new OpenPage(await browser!.NewPageAsync());
            await page.Open(run, fragment);
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

        public async Task Open(RunResults run, string fragment)
        {
            ReportWriter.Write([run], folder.Path, withPng: false);
            page.DefaultTimeout = 60_000;
            page.Console += (_, message) => Complaints.Add(message.Message.Text);
            page.PageError += (_, failure) => Complaints.Add(failure.Message);
            page.Request += (_, request) => Requests.Add(request.Request.Url);
            await page.SetViewportAsync(new ViewPortOptions { Width = 1300, Height = 1000 });
            await page.GoToAsync(new Uri(folder.File(ReportFolder.Page)).AbsoluteUri + fragment);
        }

        /// <summary>Scrolls to a chart and waits until it is drawn.</summary>
        public async Task Shows(string chart)
        {
            await page.EvaluateExpressionAsync(
                $"document.querySelector('[data-chart=\"{chart}\"]').scrollIntoView({{ block: 'center', behavior: 'instant' }})");
            await page.WaitForSelectorAsync($"[data-chart=\"{chart}\"] svg");
        }

        public async Task Click(string selector) => await page.EvaluateFunctionAsync("selector => document.querySelector(selector).click()", selector);

        public async Task Choose(string choice, string value) => await page.SelectAsync($"#picker [name={choice}]", value);

        public async Task<string> Value(string choice) =>
            await page.EvaluateExpressionAsync<string>($"document.querySelector('#picker [name={choice}]').value");

        public async Task<string[]> Options(string choice) =>
            await page.EvaluateExpressionAsync<string[]>($"[...document.querySelectorAll('#picker [name={choice}] option')].map(option => option.value)");

        /// <summary>Fastest kernel, median, runner-up, and the lead or that it is within the noise.</summary>
        public async Task<string[]> Answer() => await page.EvaluateExpressionAsync<string[]>(
            """
            [...document.querySelectorAll('#answer .value')].slice(0, 4).map((value, index) =>
              index === 3 && value.textContent.includes('within the noise')
                ? 'within the noise'
                : value.textContent.trim().replaceAll('\u00A0', ' ').split(index === 1 ? /(?<=s)\s/ : /\s/)[0])
            """);

        /// <summary>The kernels whose lines or bars a chart shows.</summary>
        public async Task<string[]> Lines(string chart) => await page.EvaluateFunctionAsync<string[]>(
            "name => echarts.getInstanceByDom(document.querySelector(`[data-chart='${name}']`)).getOption().series.filter(one => "
                + "one.id.startsWith('line-')).map(one => one.name)",
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

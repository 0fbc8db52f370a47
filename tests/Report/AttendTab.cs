using Kernels.Report.Attend;
using PuppeteerSharp;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The page of what heads attend to, open in a browser.</summary>
internal sealed class AttendTab(IPage page) : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    public IPage Page => page;

    public string Address => new Uri(folder.File("attend.html")).AbsoluteUri;

    public List<string> Complaints { get; } = [];

    public List<string> Requests { get; } = [];

    public async Task Open(AttentionCapture[] captures, AttendStart? start, int width)
    {
        AttendPage.Write(folder.File("attend.html"), captures, start);
        page.DefaultTimeout = 60_000;
        page.Console += (_, message) => Complaints.Add(message.Message.Text);
        page.PageError += (_, failure) => Complaints.Add(failure.Message);
        page.Request += (_, request) => Requests.Add(request.Request.Url);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 1000 });
        await page.GoToAsync(Address);
        await page.WaitForSelectorAsync("[data-ready]");
    }

    public async Task Click(string selector) =>
        await page.EvaluateFunctionAsync("selector => document.querySelector(selector).click()", selector);

    public async Task<string> Text(string selector) =>
        await page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).textContent", selector);

    public async Task Scale(double multiple) => await page.EvaluateFunctionAsync(
        "value => { const scale = document.getElementById('scale'); scale.value = value; scale.dispatchEvent(new Event('input')); }",
        multiple);

    /// <summary>The chosen layer and head, from 0.</summary>
    public async Task<(int Layer, int Head)> Head()
    {
        int[] chosen = await page.EvaluateExpressionAsync<int[]>("['layer', 'head'].map(id => Number(document.getElementById(id).value))");
        return (chosen[0], chosen[1]);
    }

    /// <summary>Whether all that is shown of a query is what C# computes.</summary>
    /// <param name="expected">The weights of the head that is chosen.</param>
    /// <param name="query">The query that is chosen.</param>
    /// <param name="keys">Keys that the mask leaves; all where null.</param>
    public async Task Shows(AttentionWeights expected, int query, int? keys = null)
    {
        const double FourDigits = 1e-4, TwoDigits = 0.0051;
        double[][] listed = await page.EvaluateExpressionAsync<double[][]>(
            """
            [...document.querySelectorAll('#weights li')]
              .map(item => [item.dataset.key, item.querySelector('.number').textContent].map(Number))
            """);
        Assert.Equal(keys ?? expected.Keys, listed.Length);
        Assert.All(listed, each => Assert.Equal(expected[query, (int)each[0]], each[1], FourDigits));
        string[] tokens = await page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('.strip:not([hidden]) small')].map(each => each.textContent)");
        Assert.Equal(expected.Keys, tokens.Length);
        Assert.All(tokens.Index(), each =>
            Assert.Equal(expected[query, each.Index], each.Item == "masked" ? 0 : Number(each.Item), TwoDigits));
        Assert.Equal("1.000000", await Text("#row-sum"));
        Assert.Equal(expected.Entropy(query), Number((await Text("#row-entropy")).Split(' ')[0]), FourDigits);
        Assert.Equal(expected.MeanEntropy, Number((await Text("#mean-entropy")).Split(' ')[0]), TwoDigits);
    }

    public async ValueTask DisposeAsync()
    {
        await page.CloseAsync();
        folder.Dispose();
    }

    private static double Number(string text) => double.Parse(text);
}

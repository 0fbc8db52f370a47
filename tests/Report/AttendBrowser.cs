using PuppeteerSharp;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>A browser for the tests of the attention page.</summary>
public sealed class AttendBrowser : IAsyncLifetime
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

    internal async Task<AttendTab> NewTab()
    {
        Assert.SkipWhen(browser is null, "neither Chromium nor Chrome was found");
        return new AttendTab(await browser!.NewPageAsync());
    }
}

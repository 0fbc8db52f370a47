using Kernels.Abstractions;
using Kernels.Report;
using Kernels.Report.Png;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>PNG files, with whatever makes them on this machine.</summary>
[RunsOnce]
public sealed class PngTests
{
    private const string Drawing =
        """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#00f"/></svg>""";

    private static string NotBuiltIn => OptionalPackage.SkiaSharp.WhyNot ?? "libSkiaSharp cannot be loaded on this machine";

    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Fact]
    public void RsvgConvertMakesPngFiles() => Renders(RsvgConvert.Find(), "rsvg-convert is not on PATH");

    [Fact]
    public void HeadlessBrowserMakesPngFiles() => Renders(HeadlessChrome.Find(), "neither Chrome nor Chromium nor Edge was found");

    [Fact]
    public void TheBuiltInRendererMakesPngFiles() => Renders(PngRenderers.BuiltIn(), NotBuiltIn);

    [Fact]
    public void TheBuiltInRendererDrawsEveryChart()
    {
        IPngRenderer? renderer = PngRenderers.BuiltIn();
        Assert.SkipWhen(renderer is null, NotBuiltIn);
        using var folder = new TemporaryFolder();
        Assert.Empty(ReportWriter.Write([Synthetic.Run()], folder.Path, renderer));
    }

    [Fact]
    public void WithoutAProgramTheUserIsToldWhatToInstall()
    {
        using var folder = new TemporaryFolder();
        string note = Assert.Single(ReportWriter.Write([Synthetic.Run()], folder.Path, png: null));
        Assert.Equal(PngRenderers.HowToInstall, note);
    }

    [Fact]
    public void AProgramThatCannotStartIsNamed()
    {
        using var folder = new TemporaryFolder();
        var missing = new RsvgConvert(folder.File("no-such-program"));
        string note = Assert.Single(ReportWriter.Write([Synthetic.Run()], folder.Path, missing));
        Assert.Contains("12 of 12 PNG files were not made: no-such-program could not be started", note, StringComparison.Ordinal);
    }

    private static void Renders(IPngRenderer? renderer, string reason)
    {
        Assert.SkipWhen(renderer is null, reason);
        using var folder = new TemporaryFolder();
        string svg = folder.File("a b.svg");
        File.WriteAllText(svg, Drawing);
        Assert.Empty(PngFiles.WriteAsync([svg], renderer).GetAwaiter().GetResult());
        byte[] png = File.ReadAllBytes(folder.File("a b.png"));
        Assert.Equal(Signature, png[..8]);
        // Width and height, big-endian, follow the name of the first chunk; drawings are rendered at twice their size.
        Assert.Equal([0, 0, 0, 80, 0, 0, 0, 40], png[16..24]);
    }
}

using System.Diagnostics;
using Kernels.Report;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Report.Pictures;
using SkiaSharp;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Pictures of charts, SVG and PNG.</summary>
[RunsOnce]
public sealed class PictureTests
{
    [Fact]
    public void Every_chart_has_a_PNG_file_of_twice_its_size()
    {
        using var folder = new TemporaryFolder();
        ReportWriter.Write([Synthetic.Run()], folder.Path);
        string charts = folder.File(ReportFolder.Charts);
        Assert.Equal(15, Directory.GetFiles(charts, "*.png").Length);
        Assert.All(Directory.GetFiles(charts, "*.svg"), svg =>
        {
            var root = System.Xml.Linq.XElement.Load(svg);
            using SKBitmap png = SKBitmap.Decode(Path.ChangeExtension(svg, ".png"));
            Assert.Equal((2 * (int)root.Attribute("width")!, 2 * (int)root.Attribute("height")!), (png.Width, png.Height));
        });
    }

    /// <summary>In the picture itself, not only in a program that shows it.</summary>
    [Fact]
    public void Texts_are_painted_in_their_places()
    {
        using SKBitmap png = SKBitmap.Decode(Picture.Png(Chart("a title")));
        using SKBitmap without = SKBitmap.Decode(Picture.Png(Chart("")));
        Assert.True(Ink(png, 0, 0, png.Width, 60) > 300, "the title is missing");
        Assert.Equal(0, Ink(without, 0, 0, without.Width, 50));
        Assert.True(Ink(png, 0, 120, 140, png.Height - 120) > 300, "the ticks of the vertical axis are missing");
        Assert.True(Ink(png, 160, png.Height - 100, png.Width, png.Height) > 300, "the ticks and title of the horizontal axis are missing");
        Assert.True(Ink(png, png.Width - 120, 120, png.Width, png.Height - 120) > 100, "the labels of the lines are missing");
    }

    /// <summary>The same file comes from a machine without any font, and nothing is printed.</summary>
    [Fact]
    public async Task A_machine_without_fonts_paints_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "hides the fonts of the system, which takes root on Linux");
        using var folder = new TemporaryFolder();
        using var withFonts = new TemporaryFolder();
        string results = folder.File("results.json");
        File.WriteAllText(results, System.Text.Json.JsonSerializer.Serialize(Synthetic.Run(), Kernels.Results.ResultsJson.Options));
        string hidden = Directory.CreateDirectory(folder.File("empty")).FullName;
        string program = Path.Combine(AppContext.BaseDirectory, "Kernels.Bench.dll");
        var start = new ProcessStartInfo(
            "unshare",
            ["--mount", "sh", "-c", "for d in /usr/share/fonts /usr/local/share/fonts \"$HOME/.fonts\"; do [ ! -d $d ] || mount --bind \"$0\" $d || exit "
                + "77; done; exec dotnet \"$@\"",
                hidden, program, "report", results, "--out", folder.File("report")])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string complaints = await error;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode is 1 or 77 && complaints.Contains("ermi", StringComparison.Ordinal), $"mounting is not permitted here: {complaints}");
        Assert.Equal((0, ""), (process.ExitCode, complaints));
        Assert.StartsWith("Report: ", output, StringComparison.Ordinal);

        ReportWriter.Write([Synthetic.Run()], withFonts.Path);
        foreach (string file in Directory.GetFiles(withFonts.File(ReportFolder.Charts)))
            Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(folder.File("report"), ReportFolder.Charts, Path.GetFileName(file))));
    }

    [Fact]
    public void Ticks_come_in_whole_levels_that_fit()
    {
        Axis axis = Axis.Logarithmic("", [1, 100], value => $"{value}", margin: 1);
        Assert.Equal([1, 10, 100], axis.Fitting(100, 40).Select(tick => Math.Round(tick.Value, 6)));
        Assert.Equal([1, 2, 5, 10, 20, 50, 100], axis.Fitting(400, 40).Select(tick => Math.Round(tick.Value, 6)));
    }

    [Fact]
    public void Measured_lengths_are_ticks_powers_of_two_first()
    {
        Axis axis = Axis.Lengths("", [128, 197, 256, 512]);
        Assert.Equal([128, 256, 512], axis.Fitting(120, 44).Select(tick => tick.Value));
        Assert.Equal([128, 197, 256, 512], axis.Fitting(400, 44).Select(tick => tick.Value));
    }

    [Fact]
    public void Families_differ_and_can_be_read()
    {
        Paint[] paints = [.. Families.All.Select(family => Palette.Family(family.Name))];
        Assert.Equal(paints.Length, paints.DistinctBy(paint => paint.Light).Count());
        Assert.All(paints, paint =>
            Assert.True(Contrast(paint.Light, Palette.Surface.Light) >= 4.5 && Contrast(paint.Dark, Palette.Surface.Dark) >= 4.5, paint.Role));
    }

    private static LineChart Chart(string title)
    {
        Axis axis = Axis.Lengths(title.Length == 0 ? "" : "tokens", [128, 256]);
        return new LineChart
        {
            Title = title,
            Subtitle = "",
            Horizontal = axis,
            Vertical = Axis.Logarithmic("", [1, 100], value => $"{value:0}"),
            Series = [new LineSeries(
                "flash-a", "flash-a", SeriesStyle.Of("flash", 0), [new LinePoint(128, 1, 1, 1, new("")), new LinePoint(256, 100, 100, 100, new(""))])],
        };
    }

    private static int Ink(SKBitmap image, int left, int top, int right, int bottom)
    {
        int dark = 0;
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++)
                dark += image.GetPixel(x, y) is { Red: < 200 } or { Green: < 200 } ? 1 : 0;
        return dark;
    }

    private static double Contrast(string one, string other)
    {
        (double a, double b) = (Luminance(SKColor.Parse(one)), Luminance(SKColor.Parse(other)));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(SKColor colour)
    {
        static double Linear(byte value) => value <= 10 ? value / 255.0 / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
        return 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);
    }
}

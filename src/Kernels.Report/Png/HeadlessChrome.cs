using System.Xml.Linq;
using Kernels.Results;

namespace Kernels.Report.Png;

/// <summary>Chrome, Chromium or Edge without a window.</summary>
public sealed class HeadlessChrome(string program) : IPngRenderer
{
    private static readonly string[] Names =
    [
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    ];

    /// <summary>Full path of the program.</summary>
    public string Program => program;

    /// <inheritdoc/>
    public string Name => Path.GetFileNameWithoutExtension(program);

    /// <summary>Searches PATH, then the usual places on Windows and macOS.</summary>
    public static HeadlessChrome? Find() =>
        Names.Select(SystemProgram.Find).Concat(Installed().Where(File.Exists)).FirstOrDefault(found => found is not null) is { } program
            ? new(program)
            : null;

    /// <summary>Arguments for a start without window and messages, with a separate profile.</summary>
    public static IEnumerable<string> Arguments(string profile)
    {
        string[] always =
        [
            "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars", $"--user-data-dir={profile}",
        ];
        // Its sandbox does not start as root, the usual user of containers; the rendered pages are trusted.
        return OperatingSystem.IsLinux() && Environment.UserName == "root" ? [.. always, "--no-sandbox"] : always;
    }

    /// <inheritdoc/>
    public async Task<string?> RenderAsync(string svgFile, string pngFile, CancellationToken cancellation)
    {
        XElement root = XDocument.Load(svgFile).Root!;
        string size = $"{Pixels(root, "width")},{Pixels(root, "height")}";
        using var profile = new TemporaryFolder();
        string[] arguments =
        [
            .. Arguments(profile.Path), "--force-device-scale-factor=2", $"--window-size={size}", $"--screenshot={pngFile}",
            new Uri(svgFile).AbsoluteUri,
        ];
        return await ExternalProgram.RunAsync(program, arguments, pngFile, cancellation);
    }

    private static int Pixels(XElement root, string attribute) => (int)Math.Ceiling((double)root.Attribute(attribute)!);

    private static IEnumerable<string> Installed()
    {
        if (OperatingSystem.IsMacOS())
        {
            yield return "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
            yield return "/Applications/Chromium.app/Contents/MacOS/Chromium";
            yield return "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge";
        }
        if (!OperatingSystem.IsWindows())
            yield break;
        foreach (Environment.SpecialFolder folder in new[]
                 {
                     Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86,
                     Environment.SpecialFolder.LocalApplicationData,
                 })
        {
            string root = Environment.GetFolderPath(folder);
            yield return Path.Combine(root, "Google", "Chrome", "Application", "chrome.exe");
            yield return Path.Combine(root, "Microsoft", "Edge", "Application", "msedge.exe");
        }
    }
}

namespace Kernels.Report.Png;

/// <summary>The PNG renderers, best first.</summary>
public static class PngRenderers
{
    /// <summary>Message for the user where there is none.</summary>
    public const string HowToInstall =
        "PNG files skipped: install rsvg-convert (Debian: librsvg2-bin, Homebrew: librsvg, MSYS2: librsvg) or Chrome, Chromium or Edge, "
        + "or build again after `dotnet restore eng/optional`, then make the report again with `report DIR`.";

    /// <summary>The first that is available on this machine; null when there is none.</summary>
    public static IPngRenderer? Find() => BuiltIn() ?? RsvgConvert.Find() ?? (IPngRenderer?)HeadlessChrome.Find();

    /// <summary>The renderer that needs no other program; null in a build without it.</summary>
    public static IPngRenderer? BuiltIn() =>
#if WITH_SKIASHARP
        SkiaRenderer.Find();
#else
        null;
#endif
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kernels.Results;

namespace Kernels.Models.Fetch;

/// <summary>
/// Brings a NuGet package into the user's package folder with <c>dotnet restore</c>, by a project that only downloads it.
/// </summary>
internal static partial class PackageRestore
{
    private const string Project = "fetch.csproj";

    /// <summary>Restores one version of a package.</summary>
    /// <param name="package">Its id.</param>
    /// <param name="version">Its version, exactly.</param>
    /// <param name="root">The folder whose NuGet.config holds, with those above it and the user's.</param>
    /// <param name="stop">Ends the command.</param>
    /// <returns>The folder of the package.</returns>
    /// <exception cref="UserError">The command is not there or fails; the line has its reason.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static string Run(string package, string version, string root, CancellationToken stop)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[Project], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.ToString(2)}</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageDownload Include="{package}" Version="[{version}]" />
              </ItemGroup>
            </Project>
            """);
        (int exitCode, string output) = Restore(folder, root, stop);
        if (exitCode != 0)
        {
            string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string line = lines.Select(each => ErrorPattern().Match(each).Value).FirstOrDefault(each => each != "")
                ?? lines.LastOrDefault("dotnet restore says nothing");
            throw new UserError(OneLine.Clean($"The package {package} {version} could not be fetched: {line}"));
        }
        return Restored(folder[Path.Combine("obj", "project.assets.json")], package, version);
    }

    private static (int ExitCode, string Output) Restore(TemporaryFolder folder, string root, CancellationToken stop)
    {
        var start = new ProcessStartInfo(SystemProgram.DotNet, ["restore", Project, "-tl:off", "-nodeReuse:false"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        // A build that started this process has set them for its own SDK.
        string[] ofBuild = [.. start.Environment.Keys.Where(each => each.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase))];
        foreach (string name in ofBuild)
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["RestoreRootConfigDirectory"] = root;
        try
        {
            using Process process = SystemProgram.Start(start);
            using CancellationTokenRegistration kill = stop.Register(() => process.Kill(entireProcessTree: true));
            Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            stop.ThrowIfCancellationRequested();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception error)
        {
            throw new UserError(OneLine.Clean($"The dotnet command cannot be started: {error.Message}"));
        }
    }

    // The assets file says in which folders packages are; the first is the user's, others are read-only ones beside it.
    private static string Restored(string assets, string package, string version)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
        string folder = Path.Combine(package.ToLowerInvariant(), version);
        return json.RootElement.GetProperty("packageFolders").EnumerateObject()
            .Select(each => Path.Combine(each.Name, folder)).FirstOrDefault(Directory.Exists)
            ?? throw new UserError($"The package {package} {version} was fetched, but is in no package folder.");
    }

    [GeneratedRegex(@"(?<=: error ).+")]
    private static partial Regex ErrorPattern();
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>
/// The gate's verdicts on the wrong kernels, kept in the user's cache folder for the build that gave them: they depend on the code of gate,
/// references and wrong kernels, on the runtime and on its vectors, and on nothing that differs between runs.
/// </summary>
/// <param name="folder">The folder of the files.</param>
internal sealed class KeptVerdicts(string folder)
{
    private const string Prefix = "wrong-kernels-";
    private const int MostFiles = 8;

    /// <summary>Those in <c>attention-kernels</c> below XDG_CACHE_HOME, else below the usual place of the system.</summary>
    public static KeptVerdicts OfUser { get; } = new(Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache) ? cache
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : Path.GetTempPath(),
        "attention-kernels"));

    private string File => Path.Combine(folder, $"{Prefix}{Identity}.json");

    // The wrong kernels, with their operations and formats, are part of the reference's code.
    private static string Identity
    {
        get
        {
            string build = BuildIdentity.Of(
                typeof(Kernel).Module, typeof(WrongKernel).Module, typeof(Gate).Module, typeof(GateResult).Module, typeof(Vector512).Module);
            string machine = $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.ProcessArchitecture} "
                + $"{Vector128.IsHardwareAccelerated} {Vector256.IsHardwareAccelerated} {Vector512.IsHardwareAccelerated}";
            return $"{build}-{Hash(machine)}";
        }
    }

    /// <summary>The verdicts of this build; null when there are none, or the file is damaged.</summary>
    public ValidatorScore? Read()
    {
        try
        {
            Content? content = JsonFile.Read<Content>(File, out _);
            return content is { Score: { } score } && content.Hash == HashOf(score) ? score with { Kept = content.Made } : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps verdicts for later runs, if the folder can be written, and removes those of old builds.</summary>
    public void Write(ValidatorScore score)
    {
        try
        {
            Directory.CreateDirectory(folder);
            JsonFile.Write(File, new Content(DateTimeOffset.UtcNow, HashOf(score), score));
            foreach (FileInfo old in new DirectoryInfo(folder).EnumerateFiles(Prefix + "*.json")
                .OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostFiles))
                old.Delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run computes them again.
        }
    }

    private static string HashOf(ValidatorScore score) => Hash(JsonSerializer.Serialize(score with { Kept = null }, ResultsJson.Options));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>The file.</summary>
    /// <param name="Made">When the verdicts were given.</param>
    /// <param name="Hash">Of the verdicts, which shows damage.</param>
    /// <param name="Score">The verdicts.</param>
    private sealed record Content(DateTimeOffset Made, string Hash, ValidatorScore Score);
}

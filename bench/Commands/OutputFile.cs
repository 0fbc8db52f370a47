using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Files that a verb writes at its end, which are checked at its beginning.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a file that cannot be written, or that is there and may not be replaced.</summary>
    /// <param name="option">Name of the option.</param>
    /// <param name="path">The file.</param>
    /// <param name="whyKept">Why a file that is there may not be replaced; null when it may.</param>
    /// <exception cref="UserError">It is such a file.</exception>
    public static void Require(string option, string path, Func<string?> whyKept)
    {
        if (Directory.Exists(path))
            throw new UserError($"{option} {path} is a folder.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        // The final rename would put a file in the place of the device.
        if (folder == "/dev")
            throw new UserError($"{option} {path} is no place for a file.");
        if (!Directory.Exists(folder))
            throw new UserError($"{option} {path} cannot be written: the folder {folder} does not exist.");
        string attempt = WholeFile.UnfinishedName(path);
        try
        {
            if (File.Exists(path) && whyKept() is { } reason)
                throw new UserError($"{option} {path} exists{reason}");
            File.Create(attempt).Dispose();
            File.Delete(attempt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{option} {path} cannot be written: {error.Message.Replace(Path.GetFullPath(attempt), path, StringComparison.Ordinal)}");
        }
    }

    /// <summary>The same of <c>--json</c>, which replaces an earlier result of the same verb alone.</summary>
    /// <typeparam name="T">What the verb writes.</typeparam>
    /// <exception cref="UserError">It is such a file.</exception>
    public static void RequireJson<T>(string path)
        where T : class =>
        Require(
            "--json", path,
            () => JsonFile.Read<T>(path, out _) is null ? " and is not of this command, so it is not overwritten; name another file." : null);
}

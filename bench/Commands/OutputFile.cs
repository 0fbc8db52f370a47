using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The file of <c>--json</c>, which is written at the end of a verb and checked at its beginning.</summary>
internal static class JsonOutput
{
    /// <summary>Refuses a file that cannot be written, or that is not an earlier result of the same verb and would be lost.</summary>
    /// <typeparam name="T">What the verb writes.</typeparam>
    /// <exception cref="UserError">It is such a file.</exception>
    public static void Require<T>(string path)
        where T : class
    {
        if (Directory.Exists(path))
            throw new UserError($"--json {path} is a folder.");
        try
        {
            if (File.Exists(path) && JsonFile.Read<T>(path, out _) is null)
                throw new UserError($"--json {path} exists and is not of this command, so it is not overwritten; name another file.");
            string attempt = WholeFile.UnfinishedName(path);
            File.Create(attempt).Dispose();
            File.Delete(attempt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"--json {path} cannot be written: {error.Message}");
        }
    }
}

namespace Kernels.Measurement.Machine;

/// <summary>Files in which Linux tells of itself; what is not there or may not be read is null.</summary>
internal static class SystemFile
{
    /// <summary>All of it, without spaces and ends of lines around.</summary>
    public static string? Text(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() || !path.StartsWith('/') ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

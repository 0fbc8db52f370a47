using System.Text;
using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>
/// The right to write the folder of a run, which one process has at a time. The system takes it back when the process ends, however it
/// ends, so that a lock that was left behind binds nobody.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file, which holds the number of the process and is gone when that has ended by itself.</summary>
    public const string File = "run.lock";

    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="UserError">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            var file = new FileStream(
                Path.Combine(folder, File), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            file.Flush();
            return new RunLock(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The run in {folder} cannot be written: {error.Message}");
        }
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => file.Dispose();
}

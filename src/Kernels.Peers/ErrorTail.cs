using System.Text;

namespace Kernels.Peers;

/// <summary>Reads what a peer writes to its standard error, so that it is never blocked, and keeps the end.</summary>
internal sealed class ErrorTail
{
    private const int Kept = 2000;

    // What was written before the end is nearly always there when the end is noticed.
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(0.3);

    private readonly Task reading;
    private byte[] tail = [];

    public ErrorTail(Stream errors) => reading = ReadAsync(errors);

    /// <summary>The last line that is not empty, once the stream has ended or a moment has passed; null when nothing was written.</summary>
    public string? LastLine()
    {
        reading.Wait(patience);
        return Encoding.UTF8.GetString(tail).Split('\n', StringSplitOptions.TrimEntries).LastOrDefault(line => line.Length > 0);
    }

    private async Task ReadAsync(Stream errors)
    {
        byte[] buffer = new byte[Kept];
        try
        {
            for (int count; (count = await errors.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                byte[] all = [.. tail, .. buffer.AsSpan(0, count)];
                tail = all[Math.Max(0, all.Length - Kept)..];
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process was killed.
        }
    }
}

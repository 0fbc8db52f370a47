using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>A running peer: lines go in, lines come out. Whatever it does, <see cref="Ask"/> ends.</summary>
public sealed class PeerProcess : IDisposable
{
    // A run of a million calls answers with some ten bytes a call; a peer that writes without end must not fill the memory.
    private const int LongestLine = 1 << 26;

    // At Ctrl-C the peer may end a moment before this process knows of it: that is no crash.
    private static readonly TimeSpan signalDelay = TimeSpan.FromSeconds(0.3);

    private readonly Process process;
    private readonly ErrorTail errors;
    private readonly byte[] buffer = new byte[1 << 16];

    private PeerProcess(Process process)
    {
        this.process = process;
        errors = new ErrorTail(process.StandardError.BaseStream);
    }

    /// <summary>
    /// Starts a command in a folder, without variables that steer its libraries; a program that is named with a path is looked for from
    /// there.
    /// </summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static PeerProcess Start(IReadOnlyList<string> command, string folder)
    {
        string program = command[0].Contains('/') ? Path.GetFullPath(command[0], folder) : command[0];
        var start = new ProcessStartInfo(program, command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            CreateNoWindow = true,
        };
        foreach (string name in start.Environment.Keys.Where(SteeringVariables.IsOfLibrary).ToArray())
            start.Environment.Remove(name);
        return new PeerProcess(SystemProgram.Start(start));
    }

    /// <summary>Writes one line and reads one. After an exception the process is of no use any more.</summary>
    /// <exception cref="PeerException">It ended, answered nothing in time, or wrote something else than one line.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public string Ask(string request, TimeSpan patience, CancellationToken stop)
    {
        Task<string?> answer = ReadLineAsync();
        try
        {
            process.StandardInput.Write(request + "\n");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended(stop);
        }
        bool inTime;
        try
        {
            inTime = answer.Wait(patience < TimeSpan.FromDays(1) ? patience : TimeSpan.FromDays(1), stop);
        }
        catch (AggregateException error)
        {
            throw error.InnerException as PeerException ?? Ended(stop);
        }
        if (!inTime)
            throw new PeerException($"gave no answer within {patience.TotalSeconds:0.#} s");
        return answer.Result ?? throw Ended(stop);
    }

    /// <summary>Ends the input, which a peer takes for its end, and kills the process and what it has started.</summary>
    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
            process.WaitForExit(signalDelay);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
        process.Dispose();
    }

    private async Task<string?> ReadLineAsync()
    {
        using var line = new MemoryStream();
        Stream output = process.StandardOutput.BaseStream;
        for (int count; (count = await output.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            int end = buffer.AsSpan(0, count).IndexOf((byte)'\n');
            line.Write(buffer, 0, end < 0 ? count : end);
            if (end >= 0 && end + 1 < count)
                throw new PeerException($"answered more than one line, first '{OneLine.Quote(Text(line))}'");
            if (end >= 0)
                return Text(line);
            if (line.Length > LongestLine)
                throw new PeerException($"answered more than {LongestLine:N0} bytes without an end of line");
        }
        return null;
    }

    private static string Text(MemoryStream line) => Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);

    private PeerException Ended(CancellationToken stop)
    {
        stop.WaitHandle.WaitOne(signalDelay);
        stop.ThrowIfCancellationRequested();
        string how = !process.WaitForExit(signalDelay) ? "closed its output"
            : process.ExitCode > 128 ? $"was ended by signal {process.ExitCode - 128}"
            : $"ended with exit code {process.ExitCode}";
        return new PeerException(errors.LastLine() is { } line ? $"{how}: {OneLine.Clean(line)}" : how);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Kernels.Results;

namespace Kernels.Measurement.Judging;

/// <summary>The running child of a <see cref="JudgeProcess"/>: lines to and from it, and why it ended.</summary>
internal sealed class JudgeChild : IDisposable
{
    // What the runtime writes before it ends a process; the stack below says no more to the author of a kernel than the case does.
    private static readonly string[] lastWords = ["Fatal error", "Stack overflow", "Process terminated", "Unhandled exception"];
    private static readonly TimeSpan patienceAtTheEnd = TimeSpan.FromSeconds(10);

    private readonly Process process;
    private readonly TextWriter printed;
    private readonly BlockingCollection<string> answers = [];
    private readonly List<string> dying = [];
    private readonly Task reading;

    public JudgeChild(Process process, TextWriter printed)
    {
        (this.process, this.printed) = (process, printed);
        reading = Task.WhenAll(Task.Run(ReadAnswers), Task.Run(ReadErrors));
    }

    /// <summary>Writes a line; if the child has ended, reading says so.</summary>
    public void Write(string line)
    {
        try
        {
            process.StandardInput.Write(line + "\n");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The pipe is closed.
        }
    }

    /// <summary>The next line; false when there is none in time, with null when the child closed its output.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public bool TryRead(TimeSpan patience, CancellationToken stop, out string? line)
    {
        if (answers.TryTake(out line, (int)Math.Min(patience.TotalMilliseconds, int.MaxValue), stop))
            return true;
        line = answers.IsCompleted ? null : "";
        return false;
    }

    /// <summary>Why the child ended, as a sentence without a full stop; null while it runs.</summary>
    public string? WhyEnded()
    {
        if (!answers.IsCompleted || !process.WaitForExit(patienceAtTheEnd))
            return null;
        reading.Wait(patienceAtTheEnd);
        lock (dying)
        {
            string[] said = [.. dying.Where(line => line.Length > 0).TakeWhile(line => !IsOfStack(line)).Take(2)];
            return said.Length > 0
                ? OneLine.Clean(string.Join(' ', said).Split(" This is often")[0].TrimEnd('.'))
                : $"exit code {process.ExitCode}";
        }
    }

    /// <summary>Ends the child.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit(patienceAtTheEnd);
        reading.Wait(patienceAtTheEnd);
        process.Dispose();
        answers.Dispose();
    }

    private static bool IsOfStack(string line) =>
        line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("Repeated ", StringComparison.Ordinal);

    private void ReadAnswers()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            int mark = line.IndexOf(JudgeServer.Mark, StringComparison.Ordinal);
            if (mark != 0)
                Print(mark < 0 ? line : line[..mark]);
            if (mark >= 0)
                answers.Add(line[mark..]);
        }
        answers.CompleteAdding();
    }

    private void ReadErrors()
    {
        while (process.StandardError.ReadLine() is { } line)
        {
            lock (dying)
            {
                if (dying.Count > 0 || lastWords.Any(words => line.StartsWith(words, StringComparison.Ordinal)))
                    dying.Add(line);
                else
                    Print(line);
            }
        }
    }

    private void Print(string line)
    {
        lock (printed)
            printed.WriteLine(line);
    }
}

using Kernels.Measurement;
using Kernels.Results;
using Spectre.Console;

namespace Kernels.Bench.Display;

/// <summary>
/// A bar with the time left. It is drawn only between two steps: a drawing thread would disturb the measurement, and its allocations would
/// be counted as the kernel's.
/// </summary>
internal sealed class BarProgress : IRunProgress
{
    private readonly IAnsiConsole console;
    private readonly ProgressContext context;
    private readonly ProgressTask task;
    private readonly TimeLeft timeLeft = new();

    private BarProgress(IAnsiConsole console, ProgressContext context)
    {
        this.console = console;
        this.context = context;
        task = context.AddTask("starting", maxValue: 1);
    }

    /// <summary>Shows the bar while <paramref name="work"/> runs.</summary>
    public static T Show<T>(IAnsiConsoleOutput output, Func<IRunProgress, T> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        return console.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => work(new BarProgress(console, context)));
    }

    public void Expect(double weight) => timeLeft.Expect(weight);

    public void Begin(string step)
    {
        task.Description = Markup.Escape(timeLeft.ToString() is { Length: > 0 } left ? $"{left} · {step}" : step);
        context.Refresh();
    }

    public void End(double weight, CaseResult? result = null)
    {
        timeLeft.Finish(weight);
        task.Value = timeLeft.Done;
        context.Refresh();
        if (result is { Status: CaseStatus.Wrong or CaseStatus.Failed })
            Note($"{result.Kernel} {result.Problem}: {CaseLine.Outcome(result)}");
    }

    public void Note(string line) => console.MarkupLineInterpolated($"[red]{line}[/]");
}

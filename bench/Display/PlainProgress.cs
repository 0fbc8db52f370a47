using Kernels.Measurement;
using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>One line for each step, for files and pipes.</summary>
internal sealed class PlainProgress(TextWriter output) : IRunProgress
{
    private readonly TimeLeft timeLeft = new();
    private string step = "";

    public void Expect(double weight) => timeLeft.Expect(weight);

    public void Begin(string step) => this.step = step;

    public void End(double weight, CaseResult? result = null)
    {
        timeLeft.Finish(weight);
        string outcome = result is null ? "done" : CaseLine.Outcome(result);
        output.WriteLine($"[{timeLeft.Done,4:P0}] {step}: {outcome}{(timeLeft.ToString() is { Length: > 0 } left ? $" ({left})" : "")}");
    }

    public void Note(string line) => output.WriteLine(line);
}

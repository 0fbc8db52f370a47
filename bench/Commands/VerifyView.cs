using System.Globalization;
using Kernels.Bench.Results;
using Kernels.Bench.Validation;
using Spectre.Console;

namespace Kernels.Bench.Commands;

/// <summary>What <c>verify</c> shows while it works and at its end.</summary>
internal sealed class VerifyView(TextWriter output)
{
    private readonly IAnsiConsole console = Terminal.For(output);

    /// <summary>Runs the work below a bar that names the kernel in hand; without a bar where the output is no terminal.</summary>
    public VerifyResults WithProgress(Func<IProgress<GateProgress>, VerifyResults> work)
    {
        if (!console.Profile.Out.IsTerminal)
            return work(new Silent());
        return console.Progress().AutoClear(true).Start(context => work(new Bar(context.AddTask("gate"))));
    }

    /// <summary>The tables, and a sentence for each failure.</summary>
    public void Write(VerifyResults results)
    {
        WriteKernels(results.Kernels);
        foreach (VerifiedKernel kernel in results.Kernels)
        {
            if (kernel.Gate?.Failure is { } failure)
                console.WriteLine(failure);
            if (kernel.Gate?.DeviationFromSoftmax is { } deviation)
                console.WriteLine($"{kernel.Name} against softmax attention, NMSE: {string.Join(", ", deviation.Select(item => $"{item.Key} {Text(item.Value)}"))}");
        }
        if (results.Validator is { } score)
            WriteScore(score);
    }

    private void WriteKernels(IReadOnlyList<VerifiedKernel> kernels)
    {
        Table table = Terminal.TableFor(
            console, "kernel", "verdict", "passed", "failed", "refused", "near", "error / allowed", "NMSE", "at its worst");
        foreach (VerifiedKernel kernel in kernels)
        {
            string[] cells = kernel.Gate is not { } gate
                ? [kernel.Name, kernel.Reason!, "", "", "", "", "", "", ""]
                :
                [
                    kernel.Name, Word(gate), Count(gate.Passed), Count(gate.Failed), Count(gate.Refused), Count(gate.Warned),
                    gate.Worst is { RatioToBase: { } ratio, Limit: var limit } ? string.Create(CultureInfo.InvariantCulture, $"{ratio:N2} / {limit:N0}") : "",
                    gate.Worst?.Nmse is { } nmse ? Text(nmse) : "", gate.WorstCase ?? "",
                ];
            table.AddRow(cells.Select(cell => new Text(cell)));
        }
        console.Write(table);
    }

    private void WriteScore(ValidatorScore score)
    {
        Table table = Terminal.TableFor(console, "wrong kernel", "its mistake", "rejected", "because");
        foreach (WrongKernelResult kernel in score.WrongKernels)
            table.AddRow(new Text(kernel.Name), new Text(kernel.Mistake), new Text(kernel.Rejected ? "yes" : "NO"), new Text(kernel.Verdict ?? "accepted"));
        console.Write(table);
        console.WriteLine($"{score.Rejected} of {score.Total} wrong kernels rejected for the right reason");
    }

    private static string Word(GateResult gate) => gate.Failed > 0 ? "WRONG" : gate.Passed > 0 ? "right" : "refused all";

    private static string Count(int cases) => cases.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private sealed class Silent : IProgress<GateProgress>
    {
        public void Report(GateProgress value)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IProgress<GateProgress>
    {
        public void Report(GateProgress value) => task.Description(value.Kernel.EscapeMarkup()).MaxValue(value.Total).Value(value.Done);
    }
}

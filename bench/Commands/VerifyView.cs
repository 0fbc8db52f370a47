using Kernels.Bench.Display;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;
using Spectre.Console;

namespace Kernels.Bench.Commands;

/// <summary>Output of <c>verify</c>.</summary>
internal sealed class VerifyView(TextWriter output)
{
    private static readonly string[] kernelColumns =
        ["kernel", "verdict", "passed", "failed", "refused", "near", "error / limit", "NMSE", "at its worst"];

    private static readonly string[] wrongColumns = ["wrong kernel", "its mistake", "rejected", "because"];

    private static readonly string[] timingColumns = ["wrong timing", "its cheat", "as expected", "because"];

    /// <summary>
    /// Runs the work with a progress bar that names the current kernel; without a bar where the output is not a terminal.
    /// </summary>
    public T WithProgress<T>(Func<IProgress<GateProgress>?, T> work)
    {
        IAnsiConsole console = Terminal.For(output);
        return console.Profile.Out.IsTerminal
            ? console.Progress().AutoClear(true).Start(context => work(new Bar(context.AddTask("gate"))))
            : work(null);
    }

    /// <summary>The tables, and a sentence for each kernel that is wrong or of another operation.</summary>
    public void Write(VerifyResults results)
    {
        var terminal = new Terminal(output);
        terminal.WriteTable(kernelColumns, results.Kernels.Select(Row));
        output.WriteLine("near: passed with more than half of what is allowed; error: relative to plain float32; see docs/validation.md");
        foreach (VerifiedKernel kernel in results.Kernels)
        {
            WriteFailure(kernel);
            if (kernel.Gate?.DeviationFromSoftmax is { } deviation)
            {
                IEnumerable<string> families = deviation.Select(item => $"{item.Key} {Text(item.Value)}");
                output.WriteLine($"{kernel.Name} against softmax attention, NMSE: {string.Join(", ", families)}");
            }
        }
        if (results.Generated is { } generated)
            output.WriteLine($"{Cases(generated.Count)} generated: --generated {generated.Count} --generated-seed {generated.Seed} gives them again");
        if (results.Captured is { } captured)
            output.WriteLine(captured.Reason is { } reason ? $"No captured inputs, which other machines may have: {reason}"
                : $"{Cases(captured.Count)} of captured inputs");
        if (results.Stopped)
            output.WriteLine($"Stopped after {results.Kernels.Count:N0} {(results.Kernels.Count == 1 ? "kernel" : "kernels")}; the verdicts so far are above.");
        if (results.Validator is { } score)
        {
            terminal.WriteTable(wrongColumns, score.WrongKernels.Select(Row));
            string kept = score.Kept is { } made ? $", kept from this build on {made:yyyy-MM-dd HH:mm} UTC; --afresh runs them again" : "";
            output.WriteLine($"{score.Rejected} of {score.Total} wrong kernels rejected for the right reason{kept}");
        }
        if (results.WrongTimings is { } timings)
        {
            terminal.WriteTable(timingColumns, timings.WrongKernels.Select(Row));
            output.WriteLine($"{timings.Rejected} of {timings.Total} wrong timings rejected for the right reason");
        }
    }

    /// <summary>What is wrong with a kernel, and why; nothing for one that is right.</summary>
    public void WriteFailure(VerifiedKernel kernel)
    {
        if (kernel.Gate?.Failure is { } failure)
            output.WriteLine(failure);
        if (kernel.Gate?.NotRun is { } left)
            output.WriteLine($"{kernel.Name}: {Cases(left)} not run");
        if (kernel.Explanation is { } explanation)
            Explain(kernel, explanation);
    }

    private void Explain(VerifiedKernel kernel, VerifiedExplanation found)
    {
        VerifiedCase smallest = found.Smallest;
        string injected = smallest.Injected is null ? "" : $" {smallest.Injected}";
        Line("smallest", $"{smallest.Problem} {smallest.Inputs.Text()} seed {smallest.Seed}{injected}: {smallest.Reason}");
        if (smallest.Mismatch is { } mismatch && smallest.Reason?.Contains("wanted", StringComparison.Ordinal) != true)
            Line("number", mismatch.ToString());
        // Of a larger case, which rows are off says more than of the smallest.
        if (kernel.Cases.FirstOrDefault(each => each.WrongPlaces is not null) is { WrongPlaces: { } places } first)
            Line("where", $"{places} ({first.Problem})");
        if (found.Shared.Count > 0)
            Line("shared", $"all cases that fail have {string.Join("; ", found.Shared)}");
        if (found.Twins.Count > 0)
            Line("same as", string.Join(", ", found.Twins));
        Line("replay", found.Replay);

        void Line(string name, string value) => output.WriteLine($"  {name,-8}  {value}");
    }

    private static string Cases(int count) => count == 1 ? "1 case" : $"{Count(count)} cases";

    private static string[] Row(VerifiedKernel kernel)
    {
        if (kernel.Gate is not { } gate)
            return [kernel.Name, kernel.Reason!, .. Enumerable.Repeat("", kernelColumns.Length - 2)];
        return
        [
            kernel.Name, Word(kernel, gate), Count(gate.Passed), Count(gate.Failed), Count(gate.Refused), Count(gate.Warned),
            Error(gate),
            gate.Worst?.Nmse is { } nmse ? Text(nmse) : "", gate.WorstCase ?? "",
        ];
    }

    private static string[] Row(WrongKernelResult kernel) =>
        [kernel.Name, kernel.Mistake, kernel.Rejected ? "yes" : "NO", kernel.Verdict ?? "accepted"];

    /// <summary>The verdict in a word.</summary>
    public static string Word(VerifiedKernel kernel, GateResult gate) =>
        kernel.Cases.Any(each => each.Failure is not (null or FailureKind.NoReference)) ? "WRONG"
        : gate.Failed > 0 ? "NOT JUDGED"
        : gate.Passed > 0 ? "right" : "refused all";

    /// <summary>The largest error and its limit, as multiples of that of plain float32; empty without one.</summary>
    public static string Error(GateResult gate) => gate.Worst is { RatioToBase: { } ratio, Limit: var limit } ? $"{Ratio(ratio)} / {limit:0}" : "";

    private static string Count(int cases) => cases.ToString("N0");

    private static string Ratio(double number) => number.ToString("N2");

    private static string Text(double number) => number.ToString("0.0e+0");

    private sealed class Bar(ProgressTask task) : IProgress<GateProgress>
    {
        public void Report(GateProgress value) =>
            task.Description((value.Next is { } next ? $"{value.Kernel} · {next}" : value.Kernel).EscapeMarkup()).MaxValue(value.Total).Value(value.Done);
    }
}

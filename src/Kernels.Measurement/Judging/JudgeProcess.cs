using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Judging;

/// <summary>
/// Judges cases in a child process, so that a kernel that hangs or ends its process loses one verdict: its own. The next case has a new child.
/// </summary>
/// <param name="program">The program.</param>
/// <param name="arguments">Its command line, which ends in <see cref="JudgeServer.Serve"/> with the same kernels.</param>
/// <param name="fence">The fence around every buffer.</param>
/// <param name="limit">Longest time of a kernel on a case; null for <see cref="UsualLimit"/>.</param>
/// <param name="printed">Receives what kernels print.</param>
/// <param name="stop">Ends the child in the middle of a case.</param>
public sealed class JudgeProcess(
    OwnProcess program, IReadOnlyList<string> arguments, Fence fence, TimeSpan? limit, TextWriter printed, CancellationToken stop) : ICaseJudge
{
    // Emulated devices compile at the first call, and other work may share the processor.
    private static readonly TimeSpan least = TimeSpan.FromSeconds(120);

    // A slow scalar kernel on a disturbed machine. A case has about ten calls.
    private const double SlowestFlopsPerSecond = 1e7;

    private JudgeChild? child;

    /// <summary>Two minutes, and more where a slow kernel may need more.</summary>
    public static TimeSpan UsualLimit(Problem problem) => least + TimeSpan.FromSeconds(Math.Min(1e6, problem.DenseFlops / SlowestFlopsPerSecond));

    /// <inheritdoc/>
    public CaseAnswer Judge(Kernel kernel, GateCase gateCase, Detail detail = Detail.Usual)
    {
        CaseAnswer answer = Ask(kernel, gateCase, detail, new Fences(fence));
        return fence == Fence.GuardPages && detail != Detail.Least && answer.Verdict is { Failure: FailureKind.Crashed } crashed
            ? answer with { Verdict = crashed with { Message = Blame(kernel, gateCase) ?? crashed.Message } }
            : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => child?.Dispose();

    private CaseAnswer Ask(Kernel kernel, GateCase gateCase, Detail detail, Fences fences)
    {
        stop.ThrowIfCancellationRequested();
        child ??= new JudgeChild(program.Start(arguments, new Dictionary<string, string> { ["DOTNET_DbgEnableMiniDump"] = "0" }, writesInput: true), printed);
        TimeSpan patience = limit ?? UsualLimit(gateCase.Problem);
        child.Write(JsonSerializer.Serialize(CaseRequest.Of(kernel, gateCase, detail, fences), JudgeServer.Json));
        // Before the kernel begins, the reference computes.
        bool answers = child.TryRead(patience > least ? patience : least, stop, out string? line)
            && (line != JudgeServer.Begin || child.TryRead(patience, stop, out line));
        if (answers && line is not null)
            return JsonSerializer.Deserialize<CaseAnswer>(line[1..], JudgeServer.Json)!;
        using JudgeChild lost = child;
        child = null;
        stop.ThrowIfCancellationRequested();
        return line is null && lost.WhyEnded() is { } reason
            ? Lost(kernel, FailureKind.Crashed, $"ended its process: {reason}")
            : Lost(kernel, FailureKind.TimedOut, $"did not return within {patience.TotalSeconds:0.#} s");
    }

    // A guard page ends the process and says nothing of its place; with one buffer guarded at a time, the deaths do.
    private string? Blame(Kernel kernel, GateCase gateCase)
    {
        string[] buffers = [.. kernel.Info.Operation.Operands(gateCase.Problem, kernel.Info.Format).Select(operand => operand.Name), Fences.Scratch];
        string[] touched =
        [
            .. buffers.Where(buffer => Ask(kernel, gateCase, Detail.Least, new Fences(fence, buffer)).Verdict is { Failure: FailureKind.Crashed }),
        ];
        // A kernel that ends its process in any case touched no guard page.
        return touched.Length == 0 || touched.Length == buffers.Length ? null
            : $"touched memory outside {string.Join(" and ", touched)}: a guard page ended its process";
    }

    private static CaseAnswer Lost(Kernel kernel, FailureKind kind, string message) =>
        new(new Verdict(kind, message, ErrorCard.Nothing(ToleranceRule.Limit(kernel.Info))));
}

using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>The error card of one result, as lines of text.</summary>
internal static class VerdictCard
{
    public static void Write(CheckedCall call, AttentionProblem problem, Verdict verdict, TextWriter output)
    {
        ErrorCard errors = verdict.Errors;
        Line("kernel", $"{call.Kernel.Info.Name}, {call.Threads} {(call.Threads == 1 ? "thread" : "threads")}");
        Line("problem", $"{problem}, scale {problem.Scale:g6}");
        Line("operation", $"{call.Kernel.Info.Operation.Name}: {call.Kernel.Info.Operation.Formula}");
        if (call.Kernel.Info.Format is var format && format != Format.Float32)
            Line("format", $"rounded: {format.Words}");
        Line("compared", $"{errors.CheckedRows:N0} of {errors.TotalRows:N0} rows with float64");
        Line("verdict", verdict.Passed ? verdict.Warned ? "right, with more than half of the permitted error" : "right" : "WRONG");
        // Without compared numbers, an error of 0 would be misleading.
        if (verdict.Failure is not (null or FailureKind.Inaccurate or FailureKind.InaccurateOnAverage))
            return;
        string place = errors.WorstIndex is [int b, int h, int row, int c] ? $" at batch {b}, head {h}, query {row}, channel {c}" : "";
        Line("max error", $"{errors.MaxAbs:0.00e+0}{place}");
        Line("NMSE", $"{errors.Nmse:0.00e+0}");
        Line("ratio", $"{errors.RatioToBase:0.00} times the error of plain float32; the limit is {errors.Limit}");

        void Line(string name, string value) => output.WriteLine($"{name,-10}  {value}");
    }
}

using Kernels.Abstractions;
using Kernels.Measurement.Comparison;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>Output of <c>dev</c>: a line for each question of an author.</summary>
internal static class DevView
{
    /// <summary>Whether the kernel is right; where it is not, why.</summary>
    public static void WriteVerdict(TextWriter output, VerifiedKernel kernel)
    {
        Line(output, "kernel", kernel.Name);
        if (kernel.Gate is not { } gate)
        {
            Line(output, "verdict", kernel.Reason!);
            return;
        }
        string error = VerifyView.Error(gate) is { Length: > 0 } known ? $"; error / limit {known}, times that of plain float32" : "";
        Line(output, "verdict", $"{VerifyView.Word(kernel, gate)}: {gate.Passed} cases passed, {gate.Failed} failed, {gate.Refused} refused{error}");
        new VerifyView(output).WriteFailure(kernel);
    }

    /// <summary>Speed beside the other kernel, and the memory that it requests.</summary>
    public static void WriteComparison(TextWriter output, CompareRequest request, CompareRow row)
    {
        Kernel kernel = request.B ?? request.A;
        Line(output, "problem", $"{row.Problem}, one thread");
        Line(output, "compared", ComparisonVerdict.Sentence(row));
        foreach (ContestantResult contestant in row.Contestants.Reverse())
            Line(output, contestant.Name == kernel.Info.Name ? "time" : "before",
                $"{CompareView.Text(row, contestant)}{(contestant.Name == kernel.Info.Name ? "" : $" ({contestant.Name})")}");
        Plan plan = kernel.Plan(request.Entries[0].Problem.Problem);
        // The gate has rejected a kernel of this process that allocates at every call.
        Line(output, "memory", $"{plan.ThreadBytes:N0} bytes of scratch for each thread, {plan.SharedBytes:N0} "
            + $"shared{(kernel.Backend is null ? "; a call allocates nothing" : "")}");
    }

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-8}  {value}");
}

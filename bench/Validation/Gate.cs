using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>The gate: runs a kernel where mistakes show, and compares what it wrote with the oracle.</summary>
public static class Gate
{
    /// <summary>
    /// Calls the kernel three times: on other inputs of the same shape, on the inputs, and on the inputs again with other contents in
    /// output, scratch and the memory around all buffers. The second output is compared with the oracle; the third must equal it bit for
    /// bit, and so must what each team of threads computes.
    /// </summary>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; ask <see cref="AttentionKernel.WhyNot"/> before.</exception>
    public static Verdict Run(
        AttentionKernel kernel, AttentionProblem problem, AttentionInputs inputs, Expectation reference, Fence fence = Fence.Sentinels,
        params IReadOnlyList<ThreadedKernel> teams)
    {
        if (kernel.WhyNot(problem) is { } reason)
            throw new NotSupportedException($"{kernel.Info.Name}: {reason}");
        RequireSame(kernel, problem, reference);
        using var call = new FencedCall(kernel, inputs, fence);
        try
        {
            call.CallWithKeysAndValuesSwapped();
            if (call.Call(Poison.NaN, Poison.NaN) is { } objection)
                return Reject(objection.Kind, objection.Message, reference, kernel);
            float[] first = call.Output.ToArray();
            if (call.Call(Poison.Numbers, Poison.Numbers) is { } later)
                return Reject(later.Kind, later.Message, reference, kernel);
            if (!SameNumbers(first, call.Output))
                return Blame(call, first, reference, kernel);
            Verdict verdict = Compare(kernel, problem, reference, first);
            return !verdict.Passed ? verdict
                : teams.Select(team => CompareThreads(kernel, team, inputs, first, reference, fence)).FirstOrDefault(wrong => wrong is not null)
                    ?? verdict;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Reject(FailureKind.Threw, $"threw {exception.GetType().Name}: {exception.Message}", reference, kernel);
        }
    }

    /// <summary>Compares an output that was computed elsewhere with the oracle.</summary>
    /// <exception cref="ArgumentException">The output has another length, or the reference is of another problem or definition.</exception>
    public static Verdict Compare(AttentionKernel kernel, AttentionProblem problem, Expectation reference, ReadOnlySpan<float> output)
    {
        RequireSame(kernel, problem, reference);
        if (output.Length != problem.QueryLength)
            throw new ArgumentException($"The output of {problem} has {problem.QueryLength:N0} floats, not {output.Length:N0}.", nameof(output));
        return OutputCheck.Run(kernel.Info, reference, output);
    }

    /// <summary>Whether two outputs are the same bit for bit, any NaN being as good as any other.</summary>
    internal static bool SameNumbers(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (MemoryMarshal.AsBytes(first).SequenceEqual(MemoryMarshal.AsBytes(second)))
            return true;
        for (int i = 0; i < first.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(first[i]) != BitConverter.SingleToInt32Bits(second[i])
                && !(float.IsNaN(first[i]) && float.IsNaN(second[i])))
                return false;
        }
        return true;
    }

    /// <summary>A verdict without errors, because there is no output to compare.</summary>
    internal static Verdict Reject(FailureKind kind, string message, Expectation reference, AttentionKernel kernel) =>
        new(kind, message, OutputCheck.NothingCompared(kernel.Info, reference));

    /// <summary>Compares what a team of threads computes with what one thread did; null when it is the same bit for bit.</summary>
    private static Verdict? CompareThreads(
        AttentionKernel kernel, ThreadedKernel team, AttentionInputs inputs, float[] alone, Expectation reference, Fence fence)
    {
        using var together = new FencedCall(team, inputs, fence);
        try
        {
            if (together.Call(Poison.NaN, Poison.NaN) is { } objection)
                return Reject(FailureKind.NotThreadSafe, $"with several threads: {objection.Message}", reference, kernel);
            return SameNumbers(alone, together.Output)
                ? null
                : Reject(FailureKind.NotThreadSafe, "several threads gave another result than one", reference, kernel);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            string message = $"with several threads: threw {exception.GetType().Name}: {exception.Message}";
            return Reject(FailureKind.NotThreadSafe, message, reference, kernel);
        }
    }

    // The two outputs differ: what changed between the calls is put back piece by piece, to tell what the result depends on.
    private static Verdict Blame(FencedCall call, ReadOnlySpan<float> first, Expectation reference, AttentionKernel kernel)
    {
        call.Call(Poison.NaN, Poison.NaN);
        if (!SameNumbers(first, call.Output))
            return Reject(FailureKind.NotReproducible, "the same call gave another result", reference, kernel);
        call.Call(Poison.Numbers, Poison.NaN);
        return SameNumbers(first, call.Output)
            ? Reject(FailureKind.DependsOnOldContents, "the result depends on what output or scratch held before", reference, kernel)
            : Reject(FailureKind.ReadOutside, "the result depends on memory outside the inputs", reference, kernel);
    }

    private static void RequireSame(AttentionKernel kernel, AttentionProblem problem, Expectation reference)
    {
        KernelInfo info = kernel.Info;
        if (reference.Problem != problem || reference.Definition != info.Definition || reference.Precision != info.Precision)
            throw new ArgumentException(
                $"The reference is {reference.Definition} in {reference.Precision} on {reference.Problem}, "
                + $"not {info.Definition} in {info.Precision} on {problem}.");
    }
}

using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>The gate: runs a kernel under conditions that expose errors, and compares its outputs with the expectation.</summary>
public static class Gate
{
    /// <summary>
    /// Calls the kernel three times: on other inputs of the same shape, on the inputs, and on the inputs again with other contents in
    /// outputs, scratch and the memory around all buffers. The second result is compared with gold; the third, and the result of each team
    /// of threads, must equal it bit for bit. Last, a kernel of this process must not allocate at every call.
    /// </summary>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; see <see cref="Kernel.WhyNot"/>.</exception>
    public static Verdict Run(
        Kernel kernel, Expectation expectation, Fences fences = default, bool forbidsAllocation = true, params IReadOnlyList<IExecutor> teams)
    {
        if (kernel.WhyNot(expectation.Problem) is { } reason)
            throw new NotSupportedException($"{kernel.Info.Name}: {reason}");
        RequireSame(kernel, expectation);
        using var call = new FencedCall(kernel, expectation.Inputs, Executors.For(kernel, 1), fences);
        try
        {
            call.CallOnOtherInputs();
            if (call.Call(Poison.NaN, Poison.NaN) is { } objection)
                return Reject(objection.Kind, objection.Message, expectation, kernel);
            float[]?[] first = call.Outputs();
            if (call.Call(Poison.Numbers, Poison.Numbers) is { } later)
                return Reject(later.Kind, later.Message, expectation, kernel);
            if (!SameNumbers(first, call.Outputs()))
                return Blame(call, first, expectation, kernel);
            Verdict verdict = Compare(kernel, expectation, first);
            if (!verdict.Passed)
                return verdict;
            if (teams.Select(team => CompareThreads(kernel, team, first, expectation, fences)).FirstOrDefault(wrong => wrong is not null) is { } wrong)
                return wrong;
            return forbidsAllocation && IsCounted(kernel) && call.AllocatedByEveryCall() is > 0 and var bytes
                ? verdict with { Failure = FailureKind.Allocates, Message = $"allocates {bytes:N0} bytes of managed memory at every call", Warned = false }
                : verdict;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Reject(FailureKind.Threw, $"threw {exception.GetType().Name}: {exception.Message}", expectation, kernel);
        }
    }

    /// <summary>
    /// Compares outputs of any call with the expectation: the verdict on the first that is wrong, or else on the one nearest its limit.
    /// </summary>
    /// <param name="kernel">The kernel that computed them.</param>
    /// <param name="expectation">Of the same operation, format and products.</param>
    /// <param name="outputs">By place among the operands, each [heads, tokens, channels] without gaps.</param>
    /// <exception cref="ArgumentException">An output has the wrong length, or the expectation is of another operation, format or
    /// products.</exception>
    public static Verdict Compare(Kernel kernel, Expectation expectation, IReadOnlyList<float[]?> outputs)
    {
        RequireSame(kernel, expectation);
        Verdict? verdict = null;
        bool warned = false;
        foreach (OutputExpectation output in expectation.Outputs)
        {
            long length = output.Operand.Layout.Count;
            if (outputs[output.Place] is not { } numbers || numbers.Length != length)
                throw new ArgumentException(
                    $"{output.Operand.Name} of {expectation.Problem} has {length:N0} numbers, not {outputs[output.Place]?.Length ?? 0:N0}.", nameof(outputs));
            Verdict next = OutputCheck.Run(kernel.Info, expectation, output, numbers);
            warned |= next.Warned;
            if (verdict is null || IsWorse(next, verdict))
                verdict = next;
        }
        return verdict! with { Warned = verdict.Passed && warned };
    }

    /// <summary>Whether two results are the same bit for bit; all NaN are equal.</summary>
    internal static bool SameNumbers(float[]?[] first, float[]?[] second) =>
        first.Zip(second).All(pair => pair.First is null || SameNumbers(pair.First, pair.Second));

    /// <summary>Whether two outputs are the same bit for bit; all NaN are equal.</summary>
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

    /// <summary>A verdict without an error card, for a call without output.</summary>
    public static Verdict Reject(FailureKind kind, string message, Expectation expectation, Kernel kernel) =>
        new(kind, message, OutputCheck.NothingCompared(kernel.Info, expectation));

    // A peer's messages are this suite's work, and the launches of an emulator are not the kernel's.
    private static bool IsCounted(Kernel kernel) => kernel.Backend is null or { TimesItself: false, IsEmulated: false };

    private static bool IsWorse(Verdict next, Verdict known) => next.Passed != known.Passed
        ? known.Passed
        : !next.Passed ? next.Failure < known.Failure : (next.Errors.RatioToBase ?? 0) > (known.Errors.RatioToBase ?? 0);

    /// <summary>Compares the result of a team of threads with that of one thread; null when they are the same bit for bit.</summary>
    private static Verdict? CompareThreads(Kernel kernel, IExecutor team, float[]?[] alone, Expectation expectation, Fences fences)
    {
        using var together = new FencedCall(kernel, expectation.Inputs, team, fences);
        try
        {
            if (together.Call(Poison.NaN, Poison.NaN) is { } objection)
                return Reject(FailureKind.NotThreadSafe, $"with {team.Threads} threads: {objection.Message}", expectation, kernel);
            float[]?[] outputs = together.Outputs();
            return SameNumbers(alone, outputs)
                ? null
                : Differing(FailureKind.NotThreadSafe, $"{team.Threads} threads gave another result than one", outputs, alone, expectation, kernel);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            string message = $"with {team.Threads} threads: threw {exception.GetType().Name}: {exception.Message}";
            return Reject(FailureKind.NotThreadSafe, message, expectation, kernel);
        }
    }

    // The two results differ: restores the changes between the calls one by one, to find what the result depends on.
    private static Verdict Blame(FencedCall call, float[]?[] first, Expectation expectation, Kernel kernel)
    {
        float[]?[] changed = call.Outputs();
        call.Call(Poison.NaN, Poison.NaN);
        float[]?[] again = call.Outputs();
        if (!SameNumbers(first, again))
            return Differing(FailureKind.NotReproducible, "the same call gave another result", again, first, expectation, kernel);
        call.Call(Poison.Numbers, Poison.NaN);
        return SameNumbers(first, call.Outputs())
            ? Differing(FailureKind.DependsOnOldContents, "the result depends on what output or scratch held before", changed, first, expectation, kernel)
            : Differing(FailureKind.ReadOutside, "the result depends on memory outside the inputs", changed, first, expectation, kernel);
    }

    // Two results of the kernel itself differ: the earlier one is what is wanted of the later one.
    private static Verdict Differing(
        FailureKind kind, string message, float[]?[] later, float[]?[] earlier, Expectation expectation, Kernel kernel)
    {
        OutputExpectation output = expectation.Outputs.First(each => !SameNumbers(earlier[each.Place], later[each.Place]));
        WrongNumbers wrong = WrongNumbers.Between(output.Operand, later[output.Place], earlier[output.Place]);
        return Reject(kind, $"{message}: {wrong.First}", expectation, kernel) with { Mismatch = wrong.First, WrongPlaces = wrong.ToString() };
    }

    private static void RequireSame(Kernel kernel, Expectation expectation)
    {
        KernelInfo info = kernel.Info;
        if (expectation.Reference.Operation != info.Operation || expectation.Inputs.Element != info.Format.Input || expectation.Products != info.Products)
            throw new ArgumentException(
                $"What is expected is {expectation.Reference.Operation} of {expectation.Inputs.Element.Text()} inputs with {expectation.Products.Text()} "
                + $"products, not {info.Operation} of {info.Format} with {info.Products.Text()}.");
    }
}

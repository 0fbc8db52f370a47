using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// Finds wrong kernels of the same operation that fail for the same reason with the same output: their mistake is a likely cause.
/// </summary>
internal static class Twins
{
    // Outputs with the same mistake differ by rounding alone, which is far less than the error that the mistake makes.
    private const double LargestShareOfError = 0.1;

    /// <summary>Names of the wrong kernels.</summary>
    /// <param name="kernel">The kernel that failed.</param>
    /// <param name="expectation">Of the case on which it failed.</param>
    /// <param name="failed">Its verdict.</param>
    public static IReadOnlyList<string> Of(Kernel kernel, Expectation expectation, Verdict failed)
    {
        WrongKernel[] candidates = expectation.Inputs.Element != Element.Float32 ? [] :
        [
            .. expectation.Reference.WrongKernels().Where(wrong =>
                wrong.Kernel.Info.Operation == kernel.Info.Operation && wrong.Expected.Contains(failed.Failure!.Value)
                    && wrong.Kernel.WhyNot(expectation.Problem) is null),
        ];
        if (candidates.Length == 0 || Outputs(kernel, expectation) is not { } own)
            return [];
        return [.. candidates.Where(wrong => Outputs(wrong.Kernel, expectation) is { } other && IsSame(own, other, failed.Errors.MaxAbs ?? 0))
            .Select(wrong => wrong.Kernel.Info.Name)];
    }

    // Null where the kernel throws.
    private static float[]?[]? Outputs(Kernel kernel, Expectation expectation)
    {
        using var call = new FencedCall(kernel, expectation.Inputs, Executors.For(kernel, 1), default);
        try
        {
            call.Call(Poison.Numbers, Poison.NaN);
            return call.Outputs();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static bool IsSame(float[]?[] own, float[]?[] other, double error)
    {
        for (int place = 0; place < own.Length; place++)
        {
            for (int i = 0; i < (own[place]?.Length ?? 0); i++)
            {
                float a = own[place]![i], b = other[place]![i];
                if (!a.Equals(b) && !(Math.Abs((double)a - b) <= LargestShareOfError * error))
                    return false;
            }
        }
        return true;
    }
}

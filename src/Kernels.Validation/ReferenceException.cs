using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>
/// The reference of an operation contradicts itself or threw, so that nothing can be said about kernels on this problem.
/// </summary>
/// <param name="message">One sentence that names the problem.</param>
/// <param name="cause">What the reference threw; null for a contradiction.</param>
public sealed class ReferenceException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Computes what depends on a reference, and throws this exception for whatever it throws.</summary>
    internal static T Guard<T>(OperationReference reference, Problem problem, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (Cause(exception) is not (OutOfMemoryException or UserError or OperationCanceledException))
        {
            Exception cause = Cause(exception);
            throw cause as ReferenceException ?? new ReferenceException(
                $"The reference of {reference.Operation.Name} threw {cause.GetType().Name} on {problem}: {cause.Message}", cause);
        }
    }

    // Rows are computed in parallel, and their loop wraps what they throw.
    private static Exception Cause(Exception exception) =>
        exception is AggregateException several ? several.Flatten().InnerExceptions[0] : exception;
}

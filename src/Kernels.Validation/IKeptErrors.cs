namespace Kernels.Validation;

/// <summary>
/// Errors of plain float32 that another process of the same build computed: they take longer than gold, and runs of the tests with narrower vectors need
/// the same.
/// </summary>
internal interface IKeptErrors
{
    /// <summary>Those of each output of an expectation, in the order of the operands; null where they must be computed.</summary>
    IReadOnlyList<PlainErrors>? Find(ExpectationKey key);

    /// <summary>Told what was computed.</summary>
    void Add(ExpectationKey key, IReadOnlyList<PlainErrors> errors);
}

using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>What an expectation is of.</summary>
/// <param name="Case">Problem and inputs.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Input">Format of the inputs.</param>
/// <param name="Products">Format to which weights are rounded where they multiply values.</param>
internal readonly record struct ExpectationKey(GateCase Case, Operation Operation, Element Input, Element Products);

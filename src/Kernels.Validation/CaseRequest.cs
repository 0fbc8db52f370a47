using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>A case of the gate as text, for a judge in another process.</summary>
/// <param name="Kernel">Catalog name.</param>
/// <param name="Problem">Name of the problem.</param>
/// <param name="Inputs">The input family.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Injection">A number that is not finite, such as <c>k=NaN</c>; null for none.</param>
/// <param name="Detail">What to find out about a failure.</param>
/// <param name="Fences">The fences around the buffers.</param>
public sealed record CaseRequest(string Kernel, string Problem, InputFamily Inputs, int Seed, string? Injection, Detail Detail, Fences Fences)
{
    /// <summary>Writes a case.</summary>
    public static CaseRequest Of(Kernel kernel, GateCase gateCase, Detail detail, Fences fences) => new(
        kernel.Info.Name, gateCase.Problem.Name, gateCase.Inputs, gateCase.Seed, gateCase.Injection?.ToString(), detail, fences);

    /// <summary>Reads the case.</summary>
    public GateCase ToCase() => new(ProblemName.Parse(Problem), Inputs, Seed) { Injection = Injection is null ? null : NonFinite.Parse(Injection) };
}

using Kernels.Results;

namespace Kernels.Measurement;

/// <summary>Shows how far a run is.</summary>
public interface IRunProgress
{
    /// <summary>The weights of all steps to come, together.</summary>
    void Expect(double weight);

    /// <summary>A step begins.</summary>
    void Begin(string step);

    /// <summary>The step has ended; with its result when it was a case.</summary>
    void End(double weight, CaseResult? result = null);

    /// <summary>Something that the person should read at once.</summary>
    void Note(string line);
}

using Kernels.Results;

namespace Kernels.Measurement;

/// <summary>Shows the progress of a run.</summary>
public interface IRunProgress
{
    /// <summary>Sets the total weight of all steps.</summary>
    void Expect(double weight);

    /// <summary>A step begins.</summary>
    void Begin(string step);

    /// <summary>A step ends; with its result when it is a case.</summary>
    void End(double weight, CaseResult? result = null);

    /// <summary>Shows a message to the user.</summary>
    void Note(string line);
}

using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>One of the runs in a report, with a unique label.</summary>
public sealed class ReportRun
{
    private readonly Dictionary<string, KernelResult> kernels = new(StringComparer.Ordinal);

    private ReportRun(RunResults results, string label)
    {
        Results = results;
        Label = label;
        Conditions = results.Conditions;
        MaskLines = MaskLines.Of(results.Patterns);
        foreach (KernelResult kernel in results.Kernels)
            kernels.TryAdd(kernel.Name, kernel);
    }

    /// <summary>The run as it was read.</summary>
    public RunResults Results { get; }

    /// <summary>Whether its figures can be trusted.</summary>
    public Conditions Conditions { get; }

    /// <summary>Processor and microarchitecture, since two generations may share a name.</summary>
    public string Processor =>
        Results.Machine is { Processor: var name, Model.Microarchitecture: { } design } ? $"{name} ({design})" : Results.Machine.Processor;

    /// <summary>Machine name, with the run's id where a machine appears more than once.</summary>
    public string Label { get; }

    /// <summary>The patterns of its masks: a report opens no file that results name.</summary>
    public MaskLines MaskLines { get; }

    /// <summary>The kernel's entry in the run; null for a case whose kernel the run does not list.</summary>
    public KernelResult? Kernel(string name) => kernels.GetValueOrDefault(name);

    /// <summary>Labels the runs of a report.</summary>
    public static IReadOnlyList<ReportRun> Of(IReadOnlyList<RunResults> runs)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var labelled = new List<ReportRun>();
        foreach (RunResults run in runs)
        {
            bool machineIsUnique = runs.Count(other => other.Machine.Name == run.Machine.Name) == 1;
            string wanted = machineIsUnique ? run.Machine.Name : $"{run.Machine.Name} {run.Run.Id}";
            string label = wanted;
            for (int copy = 2; !used.Add(label); copy++)
                label = $"{wanted} ({copy})";
            labelled.Add(new ReportRun(run, label));
        }
        return labelled;
    }
}

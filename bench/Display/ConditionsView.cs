using Kernels.Results;

namespace Kernels.Bench.Display;

/// <summary>Handicaps before a measurement, and the conditions after it.</summary>
internal static class ConditionsView
{
    /// <summary>The machine in a line, and what handicaps it for cases of at most <paramref name="threads"/> threads.</summary>
    public static void WriteMachine(TextWriter output, MachineInfo machine, int threads)
    {
        string?[] parts =
        [
            machine.Processor, machine.Model?.Microarchitecture, machine.Cores == 1 ? "1 core" : $"{machine.Cores} cores",
            machine.OpenBlas?.Core is { } core ? $"OpenBLAS for {core}" : null,
            machine.Environment?.LoadAverage is { } load ? $"load {load:0.00}" : null,
            machine.Environment?.Removed is { } removed ? removed.Count == 0 ? "environment clean" : $"without {string.Join(", ", removed.Keys)}" : null,
        ];
        output.WriteLine(string.Join(", ", parts.OfType<string>()));
        Warning[] handicaps = [.. Handicaps.Of(machine, threads)];
        foreach (Warning handicap in handicaps)
            output.WriteLine($"Handicap: {handicap.Text}.");
        if (machine.Environment is { Removed: null } environment && handicaps.Any(handicap => environment.Variables.Keys.Any(handicap.Text.StartsWith)))
            output.WriteLine("--clean-environment measures without these variables.");
    }

    /// <summary>Whether the figures can be trusted, and why not.</summary>
    public static void Write(TextWriter output, Conditions conditions)
    {
        output.WriteLine(conditions.Quiet
            ? "Quiet: no handicap and no disturbance was seen."
            : $"{char.ToUpperInvariant(conditions.Word[0])}{conditions.Word[1..]}:");
        foreach (Warning warning in conditions.Warnings)
            output.WriteLine($"- {warning.Text}.");
    }
}

using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;

namespace Kernels.Bench.Commands;

/// <summary><c>--clean-environment</c>: the program begins anew without the variables that steer libraries and the runtime.</summary>
internal static class CleanEnvironmentOption
{
    /// <summary>The option; one instance for all verbs.</summary>
    public static Option<bool> Option { get; } = new("--clean-environment")
    {
        Description = "Measure in a process without variables that steer libraries or the runtime, such as OPENBLAS_*, OMP_*, DOTNET_*; doctor lists them.",
    };

    /// <summary>Whether a command line asks for what this process is not.</summary>
    public static bool Wants(ParseResult parse) => Option.IsGiven(parse) && parse.GetValue(Option) && !CleanProcess.IsThis;
}

using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Measurement.Cases;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>benchmark</c>: kernels under BenchmarkDotNet with its defaults: a process for each case, its statistics and its diagnosers.
/// </summary>
internal static class BenchmarkCommand
{
    // BenchmarkDotNet builds the program and all kernels again, without a compiler server; its default of two minutes is too short on a
    // loaded machine.
    private static readonly TimeSpan buildTimeout = TimeSpan.FromMinutes(10);

    private static readonly Option<string?> kernels = SelectionOptions.Kernels();
    private static readonly Option<string?> shapes = SelectionOptions.Shapes();
    private static readonly Option<string?> lengths = SelectionOptions.Lengths();
    private static readonly Option<string?> masks = SelectionOptions.Masks();
    private static readonly Option<string?> threads = SelectionOptions.Threads();

    private static readonly Argument<string[]> own = new("OPTIONS")
    {
        Description = "After --, options of BenchmarkDotNet: --job short, --disasm, --memory, --inProcess, --artifacts DIR.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var command = new Command("benchmark", "Run kernels as ordinary benchmarks of BenchmarkDotNet; nothing is checked.")
        {
            kernels, shapes, lengths, masks, threads, CleanEnvironmentOption.Option, own,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        IReadOnlyList<(string, object)>[] cases = [.. Cases(parse)];
        if (cases.Length == 0)
            throw new UserError("No kernel that was chosen computes any of the shapes here; list says why.");
        var errors = new AccumulationLogger();
        (bool isRead, IConfig asked, _) = ConfigParser.Parse(parse.GetValue(own) ?? [], errors, DefaultConfig.Instance);
        if (!isRead)
            throw new UserError($"BenchmarkDotNet does not take these options: {OneLine.Clean(errors.GetLog())}");
        ManualConfig config = ManualConfig.Union(DefaultConfig.Instance, asked);
        if (config.BuildTimeout == DefaultConfig.Instance.BuildTimeout)
            config.WithBuildTimeout(buildTimeout);
        ConditionsView.WriteMachine(parse.InvocationConfiguration.Output, ThisMachine.Read(), ThreadSelection.Parse(parse.GetValue(threads)).Max());
        Summary summary = BenchmarkRunner.Run(BenchmarkCases.Of(typeof(KernelBenchmark), config, cases));
        bool ran = !summary.HasCriticalValidationErrors && summary.Reports.Length >= cases.Length;
        return ran && summary.Reports.All(report => report.Success) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static IEnumerable<IReadOnlyList<(string, object)>> Cases(ParseResult parse) =>
        from named in ShapeSelection.Parse(parse.GetValue(shapes), parse.GetValue(lengths), parse.GetValue(masks))
        from count in ThreadSelection.Parse(parse.GetValue(threads))
        from kernel in KernelSelection.Parse(parse.GetValue(kernels))
        where kernel.WhyNot(named.Problem) is null && FairConditions.WhyNot(kernel, count, cold: false) is null
        select (IReadOnlyList<(string, object)>)
        [
            (nameof(KernelBenchmark.Kernel), kernel.Info.Name),
            (nameof(KernelBenchmark.Problem), named.Problem.ToString()),
            (nameof(KernelBenchmark.Threads), count),
        ];
}

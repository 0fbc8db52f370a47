using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Comparison;
using Kernels.Measurement.Judging;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary><c>dev</c>: the loop of a kernel's author. Is it right, and how fast is it beside the kernel that it builds on?</summary>
internal static class DevCommand
{
    // One call of the slowest scalar kernel takes a fraction of a second.
    private const string UsualShape = "h8-q256-d64";

    private const string Verb = "dev";

    private static readonly Argument<string> name = new("KERNEL") { Description = "Name of the kernel, see list.", CompletionSources = { Completion.Kernels } };

    private static readonly Option<string> shape = new("--shape")
    {
        Description = $"The shape to measure, one of a model or sizes, on one thread; {UsualShape} when left out.",
        HelpName = "SHAPE",
        DefaultValueFactory = _ => UsualShape,
    };

    private static readonly Option<bool> watch = new("--watch")
    {
        Description = "Build and do it again at every save of a source file, of the checkout or of the project of --assembly, until Ctrl-C.",
    };

    public static Command Create()
    {
        var command = new Command(Verb, "Verify a kernel quickly, and compare it with the kernel that it builds on.")
        {
            name, shape, watch, AssemblyOption.Option,
        };
        command.SetAction(parse =>
        {
            TextWriter output = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
            Kernel kernel = KernelSelection.One(parse.GetValue(name)!);
            CompareRequest request = Request(kernel, parse.GetValue(shape)!);
            using var signal = new StopSignal(() => error.WriteLine("Stopping. Once more ends at once."));
            if (!parse.GetValue(watch))
                return Run(parse, kernel, request, signal.Token);
            using var loop = new DevWatch(WatchedProject.Of(Catalog.Assemblies), output);
            return loop.Run([Verb, kernel.Info.Name, shape.Name, parse.GetValue(shape)!], signal.Token);
        });
        return command;
    }

    private static int Run(ParseResult parse, Kernel kernel, CompareRequest request, CancellationToken stop)
    {
        TextWriter output = parse.InvocationConfiguration.Output, error = parse.InvocationConfiguration.Error;
        ThisProgram.WarnOfDebugBuild(error);
        VerifiedKernel verified = Verify(parse, kernel, stop);
        DevView.WriteVerdict(output, verified);
        if (stop.IsCancellationRequested || verified.Gate is not { Failed: 0 })
            return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Failed;
        CompareRow? row = CompareCommand.WithProgress(output, silent: false, progress => ComparisonRun.Execute(request, progress, stop)).FirstOrDefault();
        if (row is null)
            return ExitCode.Interrupted;
        DevView.WriteComparison(output, request, row);
        return row.Status == CaseStatus.Measured ? ExitCode.Ok : ExitCode.Failed;
    }

    private static VerifiedKernel Verify(ParseResult parse, Kernel kernel, CancellationToken stop)
    {
        var options = new VerifyOptions();
        using var cache = new ReferenceCache(Catalog.References);
        using JudgeProcess judge = JudgeCommand.Start(peersFolder: null, wish: null, parse.InvocationConfiguration.Error, stop);
        var gate = new GateOptions { Cases = GateCases.With(Catalog.References, GateDepth.Quick), Cache = cache, Judge = judge, Stop = stop };
        return new VerifyView(parse.InvocationConfiguration.Output).WithProgress(progress =>
            KernelVerification.Of(kernel, gate, progress, each => options.Replay(parse, kernel.Info.Name, each)));
    }

    /// <summary>The kernel after the one that it builds on; alone where nothing else computes its operation on the shape.</summary>
    private static CompareRequest Request(Kernel kernel, string text)
    {
        if (ShapeSelection.Parse(text, null, null) is not [{ } problem])
            throw new UserError($"{shape.Name} takes one shape, not {OneLine.Quote(text)}.");
        if (kernel.WhyNot(problem.Problem) is { } reason)
            throw new UserError($"{kernel.Info.Name} cannot compute {problem.Problem}: {reason}");
        IEnumerable<Kernel> known = kernel.Info.BuildsOn is { } before ? [KernelSelection.One(before)] : [];
        Kernel? other = known.Concat(Catalog.All.Where(each => each.Info.Operation.Equals(kernel.Info.Operation)))
            .FirstOrDefault(each => each != kernel && each.WhyNot(problem.Problem) is null);
        return new() { A = other ?? kernel, B = other is null ? null : kernel, References = Catalog.References, Entries = [(problem, 1)] };
    }
}

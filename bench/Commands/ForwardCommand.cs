using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;
using Kernels.Measurement.Disassembly;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>forward</c>: one kernel computes some problems once, without checks. <c>run --disassembly</c> starts it in a separate process, so that the JIT lists the
/// kernel; it also suits profilers.
/// </summary>
internal static class ForwardCommand
{
    private const string Verb = "forward";

    private static readonly Argument<string> kernel = new("KERNEL") { Description = "Name of the kernel, see list." };
    private static readonly Option<string?> shapes = SelectionOptions.Shapes();

    public static Command Create()
    {
        var command = new Command(Verb, "Compute each shape once with one kernel, on one thread; nothing is checked or written.")
        {
            kernel, shapes, AssemblyOption.Option,
        };
        command.Hidden = true;
        command.SetAction(Run);
        return command;
    }

    /// <summary>The command line for a kernel and the names of problems.</summary>
    public static IEnumerable<string> Arguments(Kernel kernel, IEnumerable<string> problems) =>
        [Verb, kernel.Info.Name, shapes.Name, string.Join(',', problems), .. AssemblyOption.Words];

    private static int Run(ParseResult parse)
    {
        Kernel chosen = KernelSelection.One(parse.GetValue(kernel)!);
        foreach (NamedProblem named in ShapeSelection.Parse(parse.GetValue(shapes), null, null))
        {
            Problem problem = named.Problem;
            if (chosen.WhyNot(problem) is { } reason)
                throw new UserError($"{chosen.Info.Name} cannot compute {problem}: {reason}");
            OperationReference reference = Catalog.References.Of(chosen.Info.Operation);
            using Inputs inputs = reference.CreateInputs(problem, InputFamily.Normal, seed: 1).RoundedTo(chosen.Info.Format.Input);
            using var buffers = new CallBuffers(chosen, inputs, SerialExecutor.Instance);
            ListingMark.Begin();
            buffers.Call.Run();
        }
        return ExitCode.Ok;
    }
}

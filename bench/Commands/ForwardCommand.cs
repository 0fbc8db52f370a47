using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Disassembly;
using Kernels.Bench.Measurement;
using Kernels.Bench.Suites;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>forward</c>: one kernel computes some problems once, and nothing else happens. What <c>run --disassembly</c> starts in a process of its
/// own, so that the JIT lists the kernel; of use by itself to whoever looks at a kernel with the tools of the system.
/// </summary>
internal static class ForwardCommand
{
    private const string Verb = "forward";

    private static readonly Argument<string> kernel = new("KERNEL") { Description = "Name of the kernel, see list." };
    private static readonly Option<string?> shapes = SelectionOptions.Shapes();

    public static Command Create()
    {
        var command = new Command(Verb, "Let one kernel compute each shape once, on one thread; nothing is checked or written.") { kernel, shapes };
        command.Hidden = true;
        command.SetAction(Run);
        return command;
    }

    /// <summary>The command line for a kernel and the names of problems.</summary>
    public static IEnumerable<string> Arguments(AttentionKernel kernel, IEnumerable<string> problems) =>
        [Verb, kernel.Info.Name, shapes.Name, string.Join(',', problems)];

    private static int Run(ParseResult parse)
    {
        AttentionKernel chosen = KernelSelection.One(parse.GetValue(kernel)!);
        foreach (NamedProblem named in ShapeSelection.Parse(parse.GetValue(shapes), null, null))
        {
            AttentionProblem problem = named.Problem;
            if (chosen.WhyNot(problem) is { } reason)
                throw new UserError($"{chosen.Info.Name} cannot compute {problem}: {reason}");
            using var inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
            using var output = new FencedBuffer(problem.QueryLength);
            using var scratch = new FencedBuffer(CaseMemory.ScratchFloats(chosen, problem));
            ListingMark.Begin();
            chosen.Forward(problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output.Span, scratch.Span);
        }
        return ExitCode.Ok;
    }
}

using System.CommandLine;
using System.CommandLine.Invocation;

namespace Kernels.Bench.Commands;

/// <summary><c>--help</c>: the library's help, and examples.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        if (!Examples.Of.TryGetValue(command is RootCommand ? "" : command.Name, out IReadOnlyList<string>? examples))
            return exitCode;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
            output.WriteLine($"  {Examples.Program} {example}".TrimEnd());
        output.WriteLine();
        return exitCode;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>The command line: one file a verb, joined here.</summary>
public static class Cli
{
    private const string DefaultVerb = "run";

    /// <summary>Runs one command line on the console and returns its exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        PatientWriter.Install();
        return RunAsync(args, Console.Out, Console.Error, () => CleanProcess.Run(ThisProgram.Process, args));
    }

    /// <summary>Runs one command line, writes to the given writers and returns its exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For what went wrong.</param>
    /// <param name="clean">Runs the command line in a clean environment; null for a host of its own, which cannot begin anew.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Func<int>? clean = null)
    {
        try
        {
            ParseResult parse = Parse(args);
            if (parse.Action is not (HelpWithExamples or HelpAction) && !IsCompletion(args) && CommandLineError.In(parse) is { } wrong)
                throw wrong;
            if (CleanEnvironmentOption.Wants(parse))
                return clean is null ? throw new UserError("--clean-environment needs the program itself.") : clean();
            AssemblyOption.Join(parse);
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // Verbs that keep results at Ctrl-C handle it themselves; the others end at once.
                ProcessTerminationTimeout = null,
            });
        }
        // A kernel that refuses a problem throws NotSupportedException with its reason.
        catch (Exception exception) when (exception is UserError or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            await error.WriteLineAsync(OneLine.Clean(exception.Message));
            return ExitCode.Usage;
        }
        catch (ReferenceException failure)
        {
            await error.WriteLineAsync(OneLine.Clean(failure.Message));
            return ExitCode.Failed;
        }
    }

    // Tab completion, of a command line that is not whole yet.
    private static bool IsCompletion(string[] args) => args is [{ } first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

    /// <summary>Every verb.</summary>
    internal static RootCommand Root()
    {
        var root = new RootCommand("Attention kernels: checked against float64, measured, compared. Without a verb: run.")
        {
            RunCommand.Create(),
            CompareCommand.Create(),
            CompareRunsCommand.Create(),
            DevCommand.Create(),
            BenchmarkCommand.Create(),
            ListCommand.Create(),
            VerifyCommand.Create(),
            ReportCommand.Create(),
            ApplyCommand.Create(),
            ModelCommand.Create(),
            AttendCommand.Create(),
            TrainCommand.Create(),
            NewCommand.Create(),
            DoctorCommand.Create(),
            ForwardCommand.Create(),
            JudgeCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>Parses a command line; one that starts with an option belongs to the default verb.</summary>
    internal static ParseResult Parse(string[] args)
    {
        RootCommand root = Root();
        bool named = args is [{ } first, ..]
            && (!first.StartsWith('-') || root.Options.Any(option => option.Name == first || option.Aliases.Contains(first)));
        // No response files: an argument may begin with @.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        return root.Parse(named ? args : [DefaultVerb, .. args], configuration);
    }
}

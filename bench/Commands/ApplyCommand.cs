using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Npy;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary><c>apply</c>: one kernel on a user's own tensors, checked against gold before anything is written.</summary>
internal sealed class ApplyCommand
{
    private readonly Argument<string> kernel = new("KERNEL") { Description = "Name of the kernel, see list.", CompletionSources = { Completion.Kernels } };
    private readonly ApplyFiles files = new();
    private readonly Option<bool> force = new("--force") { Description = "Replace the result if it is already there." };
    private readonly Option<string?> mask = new("--mask")
    {
        Description = "full (when left out), causal, causal-topleft, window128 (64 keys on each side), window127+0.",
        HelpName = "MASK",
    };
    private readonly Option<float?> scale = new("--scale")
    {
        Description = "Factor of the scores; 1/√channels when left out.",
        HelpName = "S",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
                return value;
            result.AddError($"--scale must be a number, but is '{OneLine.Quote(text)}'.");
            return null;
        },
    };
    private readonly Option<int?> queryStart = new("--query-start")
    {
        Description = "Position of the first query; the last query stands at the last key when left out.",
        HelpName = "P",
    };
    private readonly Option<int> keyStart = new("--key-start") { Description = "Position of the first key; 0 when left out.", HelpName = "P" };
    private readonly Option<string?> device = SelectionOptions.Device();
    private readonly Option<string?> threads = new(SelectionOptions.ThreadsName)
    {
        Description = "Number of threads; all when left out.",
        HelpName = "N",
    };

    public static Command Create()
    {
        var apply = new ApplyCommand();
        var command = new Command("apply", "Run one kernel on your own tensors (NumPy .npy files) and check the result.")
        {
            apply.kernel, AssemblyOption.Option, apply.mask, apply.scale, apply.queryStart, apply.keyStart, apply.threads, apply.device, apply.force,
        };
        foreach (Option option in apply.files.All)
            command.Add(option);
        command.SetAction(apply.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        Kernel chosen = KernelSelection.One(parse.GetValue(kernel)!, wish);
        SelectionOptions.RequireUsed([chosen], wish);
        if (chosen.Info.Operation is not AttentionOperation operation)
            throw new UserError($"{chosen.Info.Name} computes {chosen.Info.Operation}, whose problem cannot be told from files.");
        using var call = new CheckedCall(chosen, ThreadSelection.One(parse.GetValue(threads) ?? "all"));
        bool overwrite = parse.GetValue(force);
        IReadOnlyDictionary<string, string> inputs = files.Inputs(parse, operation), outputs = files.Outputs(parse, operation, overwrite);
        (Inputs read, int rank) = Read(parse, call, inputs);
        using Inputs given = read;
        using Inputs rounded = given.RoundedTo(chosen.Info.Format.Input);
        (Verdict verdict, float[]?[] results) = call.Run(rounded);
        VerdictCard.Write(call, (AttentionProblem)given.Problem, verdict, parse.InvocationConfiguration.Output);
        if (!verdict.Passed)
        {
            parse.InvocationConfiguration.Error.WriteLine(OneLine.Clean($"{chosen.Info.Name} is wrong: {verdict.Message}. Nothing was written."));
            return ExitCode.Failed;
        }
        ImmutableArray<Operand> operands = operation.Operands(given.Problem, chosen.Info.Format);
        for (int place = 0; place < operands.Length; place++)
        {
            if (outputs.TryGetValue(operands[place].Name, out string? path) && results[place] is { } numbers)
                NpyWriter.Write(path, ShapeOf(operands[place], rank), numbers, overwrite);
        }
        return ExitCode.Ok;
    }

    private (Inputs Inputs, int Rank) Read(ParseResult parse, CheckedCall call, IReadOnlyDictionary<string, string> paths)
    {
        AttentionMask chosenMask = MaskSelection.Parse(parse.GetValue(mask) ?? AttentionMask.Full.Name);
        try
        {
            using var opened = new OperandFiles(paths);
            AttentionProblem problem = opened.Problem(chosenMask, parse.GetValue(scale), parse.GetValue(queryStart), parse.GetValue(keyStart));
            MaskSelection.Require(problem);
            call.Require(problem);
            return (opened.Read(problem, call.Kernel.Info.Operation.Operands(problem, Format.Float32)), opened.Rank);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UserError(error.Message);
        }
    }

    // The rank of q; row sums have no channel dimension.
    private static int[] ShapeOf(Operand operand, int rank)
    {
        Layout layout = operand.Layout;
        int[] shape = [layout.Batch, layout.Heads, layout.Tokens, layout.Channels];
        return shape[(4 - rank)..(operand.Name == "lse" ? 3 : 4)];
    }
}

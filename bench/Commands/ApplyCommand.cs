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
    private readonly Option<string?> shape = new("--shape")
    {
        Description = "Sizes of a layer, which its files do not tell, such as b2-h12-q128-k128-d64-m768-f3072; its files may leave out dimensions of size 1.",
        HelpName = "SHAPE",
    };
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
            apply.kernel, AssemblyOption.Option, apply.shape, apply.mask, apply.scale, apply.queryStart, apply.keyStart, apply.threads, apply.device,
            apply.force,
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
        Operation operation = chosen.Info.Operation;
        LayerProblem? layer = Layer(parse, operation);
        Problem any = layer ?? new AttentionProblem(1, 1, 1, 1, 1, 1);
        using var call = new CheckedCall(chosen, ThreadSelection.One(parse.GetValue(threads) ?? "all"));
        bool overwrite = parse.GetValue(force);
        IReadOnlyDictionary<string, string> inputs = files.Inputs(parse, operation, any), outputs = files.Outputs(parse, operation, any, overwrite);
        (Inputs read, int rank) = Read(parse, call, layer, inputs);
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

    /// <summary>The sizes of a layer; null for attention, whose files tell them.</summary>
    /// <exception cref="UserError">They are missing or no sizes of a layer, or an option is given that is not that of the operation.</exception>
    private LayerProblem? Layer(ParseResult parse, Operation operation)
    {
        string? sizes = parse.GetValue(shape);
        if (operation is not LayerOperation)
            return sizes is null ? null : throw new UserError($"{shape.Name} is that of layers; of {operation} the files tell all sizes.");
        if (sizes is null)
            throw new UserError($"{operation} is part of a layer, whose sizes the files do not tell: {shape.Name} h12-q128-k128-d64-m768-f3072 does.");
        if (new Option[] { mask, scale, queryStart, keyStart }.FirstOrDefault(option => option.IsGiven(parse)) is { } other)
            throw new UserError($"{other.Name} is that of attention alone; {shape.Name} says all of a layer.");
        AttentionProblem problem = ShapeSelection.Parse(sizes, lengths: null, masks: null, measured: false).Single().Problem;
        return operation.WhyNot(problem) is { } reason ? throw new UserError($"{shape.Name}: {reason}.") : (LayerProblem)problem;
    }

    private (Inputs Inputs, int Rank) Read(ParseResult parse, CheckedCall call, LayerProblem? layer, IReadOnlyDictionary<string, string> paths)
    {
        Operation operation = call.Kernel.Info.Operation;
        try
        {
            using var opened = new OperandFiles(paths);
            AttentionProblem problem = layer ?? opened.Problem(
                MaskSelection.Parse(parse.GetValue(mask) ?? AttentionMask.Full.Name), parse.GetValue(scale), parse.GetValue(queryStart),
                parse.GetValue(keyStart));
            MaskSelection.Require(problem);
            call.Require(problem);
            return (opened.Read(problem, operation.Operands(problem, Format.Float32), withoutOnes: layer is not null), layer is null ? opened.Rank : 0);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UserError(error.Message);
        }
    }

    // Of attention the rank of q, row sums without a channel dimension; of a layer, 0, without the batch and the heads where there is one.
    private static int[] ShapeOf(Operand operand, int rank)
    {
        Layout layout = operand.Layout;
        int[] sizes = [layout.Batch, layout.Heads, layout.Tokens, layout.Channels];
        return rank == 0 ? [.. sizes[..^1].SkipWhile(size => size == 1), layout.Channels] : sizes[(4 - rank)..(operand.Name == "lse" ? 3 : 4)];
    }
}

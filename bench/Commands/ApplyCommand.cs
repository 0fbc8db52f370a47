using System.CommandLine;
using System.Globalization;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Npy;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Commands;

/// <summary><c>apply</c>: one kernel on a person's own tensors, checked against the oracle before anything is written.</summary>
internal sealed class ApplyCommand
{
    private readonly Argument<string> kernel = new("KERNEL") { Description = "Name of the kernel, see list." };
    private readonly Option<string> q = Required("--q", "Queries: float32, [heads, tokens, channels] or [batch, heads, tokens, channels].");
    private readonly Option<string> k = Required("--k", "Keys; their number of heads must divide that of the queries.");
    private readonly Option<string> v = Required("--v", "Values, shaped as the keys.");
    private readonly Option<string> output = Required("--out", "The result, shaped as the queries. Not written when it is wrong.");
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
            apply.kernel, apply.q, apply.k, apply.v, apply.output, apply.mask, apply.scale, apply.threads, apply.device, apply.force,
        };
        command.SetAction(apply.Run);
        return command;
    }

    private int Run(ParseResult parse)
    {
        DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
        AttentionKernel chosen = KernelSelection.One(parse.GetValue(kernel)!, wish);
        SelectionOptions.RequireUsed([chosen], wish);
        using var call = new CheckedCall(chosen, ThreadSelection.One(parse.GetValue(threads) ?? "all"));
        string path = parse.GetValue(output)!;
        RequireWritable(path, parse.GetValue(force));
        (AttentionInputs inputs, IReadOnlyList<int> shape) = Read(parse, call);
        using (inputs)
        using (var result = new FencedBuffer(inputs.Problem.QueryLength))
        {
            Verdict verdict = call.Run(inputs, result.Span);
            VerdictCard.Write(call, inputs.Problem, verdict, parse.InvocationConfiguration.Output);
            if (!verdict.Passed)
            {
                parse.InvocationConfiguration.Error.WriteLine(OneLine.Clean($"{call.Kernel.Info.Name} is wrong: {verdict.Message}. Nothing was written."));
                return ExitCode.Failed;
            }
            NpyWriter.Write(path, shape, result.Span, parse.GetValue(force));
            return ExitCode.Ok;
        }
    }

    private (AttentionInputs Inputs, IReadOnlyList<int> Shape) Read(ParseResult parse, CheckedCall call)
    {
        AttentionMask chosenMask = MaskSelection.Parse(parse.GetValue(mask) ?? AttentionMask.Full.Name);
        try
        {
            using var files = new TensorFiles(parse.GetValue(q)!, parse.GetValue(k)!, parse.GetValue(v)!);
            AttentionProblem problem = files.Problem(chosenMask, parse.GetValue(scale));
            MaskSelection.Require(problem);
            call.Require(problem);
            return (files.Read(problem), files.QueryShape);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new UserError(error.Message);
        }
    }

    private static void RequireWritable(string path, bool overwrite)
    {
        if (Directory.Exists(path))
            throw new UserError($"--out {path} is a folder.");
        if (File.Exists(path) && !overwrite)
            throw new UserError($"--out {path} is already there; --force replaces it.");
        // A rename would put a file in the place of a device, or of something precious that was named by mistake.
        if (File.Exists(path) && !NpyReader.IsNpy(path))
            throw new UserError($"--out {path} is there and is no .npy file; it is left alone.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UserError($"--out {path}: the folder {folder} does not exist.");
    }

    private static Option<string> Required(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE.npy", Required = true };
}

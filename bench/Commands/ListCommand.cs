using System.CommandLine;
using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Bench.Suites;
using Kernels.Measurement.Runs;
using Kernels.Peers;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>list</c>: every kernel, its idea, and why this machine cannot run it.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        Option<string?> kernels = SelectionOptions.Kernels();
        Option<string?> peers = SelectionOptions.Peers();
        Option<string?> device = SelectionOptions.Device();
        var json = new Option<bool>("--json") { Description = "An array of objects, described in docs/results.md." };
        var markdown = new Option<FileInfo?>("--markdown")
        {
            Description = "The table of docs/kernels.md; with a FILE it replaces the table between that file's markers.",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var masks = new Option<string?>(SelectionOptions.MasksName)
        {
            Description = "Draw masks instead, queries × keys: an example of every kind, or the named ones.",
            HelpName = "MASK,…",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var shapes = new Option<bool>(SelectionOptions.ShapesName) { Description = "The shapes of models instead." };
        var suites = new Option<bool>("--suites") { Description = "The suites of run instead." };
        var command = new Command("list", "Show every kernel, its idea, and whether this machine can run it.")
        {
            kernels, AssemblyOption.Option, peers, device, masks, shapes, suites, json, markdown,
        };
        command.SetAction(parse =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            if (new Option[] { masks, shapes, suites }.FirstOrDefault(option => option.IsGiven(parse)) is { } instead)
            {
                if (command.Options.FirstOrDefault(option => option != instead && option != AssemblyOption.Option && option.IsGiven(parse)) is { } other)
                    throw new UserError($"list {instead.Name} lists nothing else; omit {other.Name}.");
                if (instead == masks)
                    MaskListing.Write(parse.GetValue(masks), output);
                else if (instead == shapes)
                    WriteShapes(output);
                else
                    WriteSuites(output);
                return ExitCode.Ok;
            }
            using PeerSet present = PeerSet.Open(SelectionOptions.PeersFolder(parse, peers));
            DeviceWish? wish = SelectionOptions.DeviceWanted(parse, device);
            IReadOnlyList<Kernel> chosen = KernelSelection.Parse(parse.GetValue(kernels), wish, present.Kernels);
            SelectionOptions.RequireUsed(chosen, wish, present.Kernels);
            bool asMarkdown = parse.GetResult(markdown) is not null;
            if (parse.GetValue(json) && asMarkdown)
                throw new UserError("list writes --json or --markdown, not both.");
            if (parse.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(chosen.Select(KernelDescription.Of), ResultsJson.Options));
            else if (!asMarkdown)
                WriteTable(chosen, output);
            else if (parse.GetValue(markdown) is { } file)
                KernelListing.Table.Update(file.FullName, KernelListing.Markdown(chosen));
            else
                output.Write(KernelListing.Markdown(chosen));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteShapes(TextWriter output) =>
        new Terminal(output).WriteTable(["shape", "problem"], NamedShapes.All.Select(shape => new[] { shape.Shape!, shape.Problem.ToString() }));

    private static void WriteSuites(TextWriter output) => new Terminal(output).WriteTable(
        ["suite", "problems", "what it measures"],
        AllSuites.All.Select(suite => new[] { suite.Name, $"{suite.Entries.DistinctBy(entry => entry.Problem).Count()}", suite.Summary }));

    private static void WriteTable(IReadOnlyList<Kernel> kernels, TextWriter output) =>
        new Terminal(output).WriteTable(
            ["kernel", "computes", "here", "idea"],
            kernels.Select(KernelDescription.Of).Select(kernel => new[] { kernel.Name, kernel.Operation, Here(kernel), kernel.Idea }));

    private static string Here(KernelResult kernel) => kernel switch
    {
        { Reason: { } reason } => reason,
        { Version: { } version } => $"runs, {version}",
        { Device: { } device } => $"runs on {device}",
        _ => "runs",
    };
}

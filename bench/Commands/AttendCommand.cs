using System.CommandLine;
using Kernels.Models;
using Kernels.Report.Attend;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>attend</c>: a page on which one sees what the heads of a model attend to in a text.</summary>
internal static class AttendCommand
{
    // Sentences of well-known texts on attention, ready to choose on every page.
    private static readonly string[] ready =
    [
        "The cat sat down", "The cat, which was black, sat on the mat", "The animal didn't cross the street because it was too tired",
        "The animal didn't cross the street because it was too wide", "The trophy didn't fit in the suitcase because it was too big",
    ];

    private static readonly Option<string?> text = new("--text") { Description = "The text; one of the ready ones when left out.", HelpName = "TEXT" };

    private static readonly Option<string?> other = new("--to")
    {
        Description = "A second text: the cross view has queries of the first text and keys of this one.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> model = new("--model")
    {
        Description = "minilm, which model fetch brings; the folder of a training; none for heads that are made by hand. Left out: minilm where it is there.",
        HelpName = "NAME",
    };

    private static readonly Option<int?> layer = new("--layer") { Description = "The layer to begin with, from 1.", HelpName = "N" };

    private static readonly Option<int?> head = new("--head") { Description = "The head to begin with, from 1.", HelpName = "N" };

    private static readonly Option<string> output = new("--out") { Description = "The page.", HelpName = "FILE", DefaultValueFactory = _ => "attend.html" };

    private static readonly Option<string?> png = new("--png")
    {
        Description = "Also the map of the first head as a picture; needs --layer and --head.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> force = new("--force") { Description = "Replace files that are there." };

    public static Command Create()
    {
        var command = new Command("attend", "Write a page on which one sees what each head attends to in a text.")
        {
            text, other, model, layer, head, output, png, force, ModelOptions.Folder,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        string page = parse.GetValue(output)!;
        string? picture = parse.GetValue(png);
        string? WhyKept() => parse.GetValue(force) ? null : $"; {force.Name} replaces it.";
        OutputFile.Require(output.Name, page, WhyKept);
        if (picture is not null)
            OutputFile.Require(png.Name, picture, WhyKept);
        if (picture is not null && (parse.GetValue(layer) is null || parse.GetValue(head) is null))
            throw new UserError($"{png.Name} draws one head; name it by {layer.Name} and {head.Name}.");
        if (parse.GetValue(text) is { } given && string.IsNullOrWhiteSpace(given))
            throw new UserError($"{text.Name} is empty.");
        IReadOnlyList<AttentionCapture> captures = Captures(parse, parse.GetValue(text) is { } own ? [own] : [], parse.GetValue(other));
        AttendStart? start = Start(parse);
        AttendPage.Write(page, captures, start);
        if (picture is not null)
            AttendPicture.Write(picture, captures[0], AttentionViewKind.Self, parse.GetValue(layer)!.Value - 1, parse.GetValue(head)!.Value - 1);
        parse.InvocationConfiguration.Output.WriteLine($"Written: {page}{(picture is null ? "" : $", {picture}")} ({captures[0].Model})");
        WriteLink(parse.InvocationConfiguration.Output, captures[0]);
        return ExitCode.Ok;
    }

    private static IReadOnlyList<AttentionCapture> Captures(ParseResult parse, string[] own, string? second)
    {
        string? name = parse.GetValue(model);
        if (name is not null && Directory.Exists(name))
        {
            return second is null
                ? TrainedCapture.All(name, own)
                : throw new UserError($"{other.Name} is not for a training, whose models attend within one text.");
        }
        string[] texts = [.. own.Concat(ready).Distinct()];
        if (name == "none" || (name is null && !MiniLm.IsIn(ModelOptions.Path(MiniLm.Name, parse.GetValue(ModelOptions.Folder)))))
            return [.. texts.Select((each, i) => HandMadeHeads.Capture(each, i == 0 ? second : null))];
        MiniLm trained = MiniLm.Load(ModelOptions.Path(name ?? MiniLm.Name, parse.GetValue(ModelOptions.Folder)));
        var encoder = new ReferenceEncoder(trained.Weights);
        return [.. texts.Select((each, i) => ModelCapture.Of(trained, encoder, each, i == 0 ? second : null))];
    }

    private static AttendStart? Start(ParseResult parse)
    {
        int? wantedLayer = parse.GetValue(layer) - 1, wantedHead = parse.GetValue(head) - 1;
        return wantedLayer is null && wantedHead is null ? null : new AttendStart { Layer = wantedLayer ?? 0, Head = wantedHead ?? 0 };
    }

    private static void WriteLink(TextWriter output, AttentionCapture capture)
    {
        const int Shown = 3;
        AttentionView view = capture.Views[0];
        (int query, int key) = TokenLink.Of(view);
        IReadOnlyList<HeadLink> heads = HeadLink.Of(view, query, key);
        output.WriteLine(
            $"Weight from \"{view.QueryTokens[query]}\" to \"{view.KeyTokens[key]}\": "
            + string.Join(", ", heads.Take(Shown).Select(each => $"layer {each.Layer + 1} head {each.Head + 1} {each.Weight:f3}"))
            + $"; mean of all heads {heads.Average(each => each.Weight):f3}");
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// A parsed PTX file, of the form that clang and ILGPU write: one statement or directive a line. What is not known is refused with its line, so that
/// nothing is silently ignored.
/// </summary>
internal sealed partial class PtxModule
{
    private readonly Dictionary<string, PtxEntry> entries = [];
    private readonly Dictionary<string, int> sharedAlignments = [];
    private PtxEntry? entry;
    private PtxBlock? block;
    private int blocks;
    private bool inBody;

    private PtxModule()
    {
    }

    /// <summary>The PTX version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>The device, such as <c>sm_80</c>.</summary>
    public string Target { get; private set; } = "";

    public IReadOnlyDictionary<string, PtxEntry> Entries => entries;

    public static PtxModule Parse(string text)
    {
        var module = new PtxModule();
        int line = 0;
        foreach (string full in text.Split('\n'))
        {
            line++;
            int comment = full.IndexOf("//", StringComparison.Ordinal);
            string code = (comment < 0 ? full : full[..comment]).Trim();
            if (code.Length > 0)
                module.TakeOrRefuse(line, code);
        }
        foreach (PtxEntry parsed in module.entries.Values)
            parsed.Link(module.sharedAlignments);
        return module;
    }

    private void TakeOrRefuse(int line, string code)
    {
        try
        {
            Take(line, code);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new PtxException(PtxComplaint.Unknown, line, $"{error.Message.ReplaceLineEndings(" ")}: {code}");
        }
    }

    private void Take(int line, string code)
    {
        if (!inBody)
            TakeDeclaration(line, code);
        else if (code == "}" && block is null)
            (entry, inBody) = (null, false);
        else if (code == "}")
            block = null;
        else if (code == "{" && block is null)
            block = new(++blocks);
        else if (block is not null && LocalRegister().Match(code) is { Success: true } local)
            DeclareLocal(line, local);
        else if (Label().Match(code) is { Success: true } label)
            entry!.AddLabel(label.Groups[1].Value);
        else if (Registers().Match(code) is { Success: true } declared)
            DeclareRegisters(line, declared);
        // How often ptxas may unroll says nothing of what is computed.
        else if (code != ".pragma \"nounroll\";")
            entry!.Add(block?.Renamed(PtxStatement.Parse(line, code)) ?? PtxStatement.Parse(line, code));
    }

    private void TakeDeclaration(int line, string code)
    {
        if (Directive().Match(code) is { Success: true } directive)
        {
            if (directive.Groups[1].Value == "version")
                Version = directive.Groups[2].Value;
            else if (directive.Groups[1].Value == "target")
                Target = directive.Groups[2].Value;
            else if (directive.Groups[2].Value != "64")
                throw Refuse(line, code);
        }
        else if (SharedArray().Match(code) is { Success: true } array)
            sharedAlignments.Add(array.Groups[2].Value, Number(array.Groups[1]));
        else if (EntryName().Match(code) is { Success: true } named)
            entries.Add(named.Groups[1].Value, entry = new(named.Groups[1].Value, line));
        else if (entry is not null && Parameter().Match(code) is { Success: true } parameter)
            DeclareParameter(line, parameter);
        else if (entry is not null && MaxThreads().Match(code) is { Success: true } limit)
            entry.LimitThreads(Number(limit.Groups[1]));
        else if (entry is not null && MinBlocks().IsMatch(code))
        {
            // How many blocks a multiprocessor should have room for says nothing of what is computed.
        }
        else if (entry is not null && code == "{")
            inBody = true;
        else if (entry is null || code != ")")
            throw Refuse(line, code);
    }

    private void DeclareParameter(int line, Match parameter)
    {
        string type = parameter.Groups["type"].Value;
        if (parameter.Groups["bytes"] is { Success: true } bytes)
            entry!.AddParameter(parameter.Groups["name"].Value, Number(bytes), Number(parameter.Groups["align"]));
        else if (PtxType.WidthOf(type) is { } width and (Width.B32 or Width.B64))
            entry!.AddParameter(parameter.Groups["name"].Value, (int)width, (int)width);
        else
            throw Refuse(line, $"a parameter of type {type}");
    }

    private void DeclareRegisters(int line, Match declared)
    {
        if (PtxType.WidthOf(declared.Groups["type"].Value) is not { } width)
            throw Refuse(line, declared.Value);
        entry!.AddRegisters(declared.Groups["prefix"].Value, Number(declared.Groups["count"]), width);
    }

    private void DeclareLocal(int line, Match local)
    {
        if (PtxType.WidthOf(local.Groups[1].Value) is not { } width)
            throw Refuse(line, local.Value);
        entry!.AddRegister(block!.Declare(local.Groups[2].Value), width);
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    private static PtxException Refuse(int line, string code) => new(PtxComplaint.Unknown, line, $"not known: {code}");

    [GeneratedRegex(@"^\.(version|target|address_size)\s+([\w.]+)$")]
    private static partial Regex Directive();

    // Its size is given at the launch, and it begins where shared memory does.
    [GeneratedRegex(@"^\.extern \.shared \.align (\d+) \.b8 (\w+)\[\];$")]
    private static partial Regex SharedArray();

    [GeneratedRegex(@"^\.visible \.entry (\w+)\($")]
    private static partial Regex EntryName();

    [GeneratedRegex(@"^\.param (\.align (?<align>\d+) )?\.(?<type>\w+) (?<name>\w+)(\[(?<bytes>\d+)\])?,?$")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.maxntid (\d+), 1, 1$")]
    private static partial Regex MaxThreads();

    [GeneratedRegex(@"^\.minnctapersm (\d+)$")]
    private static partial Regex MinBlocks();

    [GeneratedRegex(@"^\.reg \.(\w+) (\w+);$")]
    private static partial Regex LocalRegister();

    [GeneratedRegex(@"^(\$?\w+):$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\.reg \.(?<type>\w+)\s+(?<prefix>%\w+)<(?<count>\d+)>;$")]
    private static partial Regex Registers();
}

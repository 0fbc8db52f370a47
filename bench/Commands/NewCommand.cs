using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Commands.Templates;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>new</c>: writes a kernel that compiles and passes the gate, as a start for the user's own.</summary>
internal static class NewCommand
{
    private static readonly Argument<string> name = new("NAME") { Description = "Name of the kernel, such as my-flash; its first word is its family." };

    private static readonly Option<string?> like = new("--like")
    {
        Description = "The kernel that it builds on, whose operation it computes; naive-online-softmax when left out.",
        HelpName = "KERNEL",
        CompletionSources = { Completion.Kernels },
    };

    private static readonly Option<string?> project = new("--project")
    {
        Description = "Also a class library in DIR, for --assembly; the file goes into the current folder when left out.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var command = new Command("new", "Write a kernel to start from: it compiles and passes the gate.") { name, like, project };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        TextWriter output = parse.InvocationConfiguration.Output;
        string kernel = parse.GetValue(name)!;
        if (!IsName(kernel))
            throw new UserError($"'{OneLine.Quote(kernel)}' is not the name of a kernel: lower-case words of letters and digits with hyphens between them, "
                + "such as my-flash.");
        if (Catalog.All.Any(each => each.Info.Name == kernel))
            throw new UserError($"There is a kernel {kernel} already.");
        string named = parse.GetValue(like) ?? "naive-online-softmax";
        if (KernelSelection.IsPeer(named))
            throw new UserError($"{OneLine.Quote(named)} is another program, and new writes C#; {like.Name} takes a kernel of this suite, see list.");
        Kernel before = KernelSelection.One(named);
        if (before.Info.Operation is not AttentionOperation)
            throw new UserError($"{before.Info.Name} computes a layer, and new writes attention kernels; copy a kernel of src/Kernels.Layers.");
        if (before.Backend is not null)
            throw new UserError(NotOnProcessor(before.Info));
        string type = string.Concat(kernel.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        if (parse.GetValue(project) is not { } folder)
        {
            string inProject = Directory.EnumerateFiles(".", "*.csproj").Select(Path.GetFileNameWithoutExtension).FirstOrDefault() ?? "MyKernels";
            WriteNew($"{type}.cs", KernelTemplate.Text(kernel, type, inProject, before.Info));
            output.WriteLine($"Written: {type}.cs. In a project of this suite, add `new {type}(),` to its list of kernels; then:");
            output.WriteLine($"  {Examples.Program} dev {kernel} --watch");
            return ExitCode.Ok;
        }
        string library = LibraryName(folder);
        RequireNew(Path.Combine(folder, $"{type}.cs"));
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{library}.csproj");
        string? existing = Directory.EnumerateFiles(folder, "*.csproj").FirstOrDefault();
        if (existing is null)
            WriteNew(file, KernelTemplate.Project(Path.GetDirectoryName(typeof(Kernel).Assembly.Location)!));
        WriteNew(Path.Combine(folder, $"{type}.cs"), KernelTemplate.Text(kernel, type, library, before.Info));
        output.WriteLine($"Written: {Path.Combine(folder, $"{type}.cs")}{(existing is null ? $" and {file}" : "")}. Then:");
        output.WriteLine($"  dotnet build -c Release {folder} -o {Path.Combine(folder, "out")}");
        output.WriteLine($"  {Examples.Program} dev {kernel} --assembly "
            + $"{Path.Combine(folder, "out", $"{Path.GetFileNameWithoutExtension(existing ?? file)}.dll")} --watch");
        return ExitCode.Ok;
    }

    private static string NotOnProcessor(KernelInfo info)
    {
        IEnumerable<string> others =
            Catalog.All.Where(each => each.Backend is null && each.Info.Operation.Equals(info.Operation)).Select(each => each.Info.Name);
        return $"{info.Name} is the code of a device, and new writes C# for the processor; of {info.Operation}, --like takes "
            + $"{string.Join(", ", Nearest.Of(info.Name, others))}.";
    }

    private static bool IsName(string text) =>
        text.Split('-').All(word => word.Length > 0 && word.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
        && char.IsAsciiLetterLower(text[0]);

    // The folder's name where it is valid for an assembly and a namespace.
    private static string LibraryName(string folder)
    {
        string last = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        string letters = string.Concat(last.Where(char.IsAsciiLetterOrDigit));
        return letters.Length > 0 && char.IsAsciiLetter(letters[0]) ? letters : "MyKernels";
    }

    private static void WriteNew(string path, string text)
    {
        RequireNew(path);
        WholeFile.WriteText(path, text, overwrite: false);
    }

    private static void RequireNew(string path)
    {
        if (Path.Exists(path))
            throw new UserError($"{path} exists; nothing is overwritten.");
    }
}

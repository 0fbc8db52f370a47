using System.Text.RegularExpressions;

namespace Kernels.Tests.Structure;

/// <summary>Which namespaces of a project depend on which, as its sources say it.</summary>
internal static partial class NamespaceGraph
{
    /// <summary>The graph of a project, by the path of its folder from the root.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(string folder)
    {
        IEnumerable<string> razor = Repository.Sources(folder, "*.razor").GroupBy(path => Path.GetDirectoryName(path)!).SelectMany(Pages);
        return Of([.. Repository.Sources(folder, "*.cs").Select(File.ReadAllText), .. razor]);
    }

    /// <summary>
    /// The same of the texts of source files. A namespace depends on those that a file of it imports, and on those around it of which a file
    /// names a type, for which no import is needed. The program itself, which has none, is the empty name.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Of(IEnumerable<string> sources)
    {
        var files = sources.Select(text => CommentPattern().Replace(text, "")).Select(text => (Inside: Inside(text), Text: text)).ToList();
        Dictionary<string, HashSet<string>> types = files.GroupBy(file => file.Inside).ToDictionary(
            group => group.Key, group => group.SelectMany(file => Names(TypePattern(), file.Text)).ToHashSet());
        return files.GroupBy(file => file.Inside).ToDictionary(
            group => group.Key, IReadOnlySet<string> (group) => group.SelectMany(file => Needs(group.Key, file.Text, types)).ToHashSet());
    }

    /// <summary>Namespaces each of which depends on the next, and the last on the first; none when there is no circle.</summary>
    public static IReadOnlyList<string> Circle(IReadOnlyDictionary<string, IReadOnlySet<string>> graph)
    {
        HashSet<string> left = [.. graph.Keys];
        // What depends on nothing that is left is in no circle.
        while (left.FirstOrDefault(each => !graph[each].Overlaps(left)) is { } free)
            left.Remove(free);
        // Everything left leads to something left, so that a walk must come back to where it was.
        List<string> way = [];
        for (string? next = left.Order().FirstOrDefault(); next is not null; next = graph[next].Where(left.Contains).Order().First())
        {
            if (way.IndexOf(next) is >= 0 and var begin)
                return way[begin..];
            way.Add(next);
        }
        return [];
    }

    private static IEnumerable<string> Needs(string inside, string text, Dictionary<string, HashSet<string>> types)
    {
        HashSet<string> words = [.. WordPattern().Matches(text).Select(word => word.Value)];
        IEnumerable<string> around = types.Keys.Where(each => inside.StartsWith($"{each}.", StringComparison.Ordinal) && types[each].Overlaps(words));
        // A static import or an alias names a type.
        IEnumerable<string> imported = Names(ImportPattern(), text)
            .Select(name => types.ContainsKey(name) ? name : name[..Math.Max(0, name.LastIndexOf('.'))]);
        return imported.Where(name => name != "" && types.ContainsKey(name)).Concat(around).Where(name => name != inside);
    }

    // The namespace of a page is that of its folder, and _Imports.razor holds for all pages beside it.
    private static IEnumerable<string> Pages(IGrouping<string, string> folder)
    {
        string project = Path.GetDirectoryName(folder.Key)!;
        string imports = string.Concat(folder.Where(path => Path.GetFileName(path) == "_Imports.razor").Select(File.ReadAllText));
        return folder.Select(path =>
            $"namespace {Path.GetFileName(project)}.{Path.GetFileName(folder.Key)};\npublic class "
                + $"{Path.GetFileNameWithoutExtension(path)}\n{imports}\n{File.ReadAllText(path)}");
    }

    private static string Inside(string text) => Names(NamespacePattern(), text).FirstOrDefault("");

    private static IEnumerable<string> Names(Regex pattern, string text) => pattern.Matches(text).Select(match => match.Groups["name"].Value);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^@?using (?:static )?(?:\w+ = )?(?<name>[\w.]+);?\r?$", RegexOptions.Multiline)]
    private static partial Regex ImportPattern();

    // Types of a file begin its lines; what is in a type is indented.
    [GeneratedRegex(@"^(?:public|internal) [\w ]*?(?:class|struct|record|interface|enum|delegate [^ ]+) (?:struct |class )?(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"//.*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex CommentPattern();

    // What follows a dot is a member.
    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
    private static partial Regex WordPattern();
}

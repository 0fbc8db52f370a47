using Xunit;

namespace Kernels.Tests.Structure;

/// <summary>Within a project, what depends on what points one way too.</summary>
public class CircleTests
{
    public static TheoryData<string> Projects =>
        [.. Repository.Sources("", "*.csproj").Select(path => Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(path)!).Replace('\\', '/'))
            .Where(folder => folder == "bench" || folder.StartsWith("src/", StringComparison.Ordinal)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_of_a_project_form_no_circle(string folder) =>
        Assert.Equal("", string.Join(" → ", NamespaceGraph.Circle(NamespaceGraph.Read(folder))));

    [Fact]
    public void A_circle_is_found()
    {
        var graph = new Dictionary<string, IReadOnlySet<string>>
        {
            ["A"] = new HashSet<string> { "B" },
            ["B"] = new HashSet<string> { "C", "D" },
            ["C"] = new HashSet<string> { "B" },
            ["D"] = new HashSet<string>(),
        };

        Assert.Equal(["B", "C"], NamespaceGraph.Circle(graph));
    }

    [Fact]
    public void Imports_and_types_of_the_namespaces_around_are_dependencies()
    {
        IReadOnlyDictionary<string, IReadOnlySet<string>> graph = NamespaceGraph.Of(
        [
            "using N.B;\nnamespace N.A;\n// Not Top.\ninternal sealed class First;\n",
            "namespace N.B;\ninternal sealed class Second(Top top);\n",
            "using static N.A.First;\nusing Alias = N.B.Second;\nnamespace N;\n/// <summary>Of <see cref=\"Second\"/>.</summary>\npublic sealed record "
                + "Top(string Text);\n",
        ]);

        Assert.Equal(["N.B"], graph["N.A"]);
        Assert.Equal(["N"], graph["N.B"]);
        Assert.Equal(["N.A", "N.B"], graph["N"].Order());
    }
}

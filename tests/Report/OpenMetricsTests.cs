using System.Text.RegularExpressions;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The metrics file by the grammar of OpenMetrics 1.0.</summary>
[RunsOnce]
public sealed partial class OpenMetricsTests
{
    private const string Quoted = "simd-\"quoted\\\r\n name";

    [Fact]
    public void The_file_is_valid_and_has_every_measured_case()
    {
        RunResults run = Synthetic.Run();
        List<Sample> samples = Parse(OpenMetricsFile.Text(new ReportData([run])));
        Sample[] times = [.. samples.Where(sample => sample.Name == "attention_kernel_time_seconds")];
        CaseResult[] measured = [.. run.Cases.Where(result => result.Status == CaseStatus.Measured && result.Kernel != Synthetic.Wrong)];
        Assert.Equal(measured.Select(result => (result.Kernel, result.Timing!.MedianNs / 1e9)), times.Select(time => (time.Labels["kernel"], time.Value)));
        Assert.Equal("2026-11-22T0830-quick", Assert.Single(samples, sample => sample.Name == "attention_kernel_run_info").Labels["id"]);
        Assert.All(times, time => Assert.DoesNotContain("run", time.Labels.Keys));
    }

    [Fact]
    public void Names_are_escaped_and_a_case_that_stands_twice_is_one_series()
    {
        CaseResult once = Synthetic.Measured(Quoted, "b1-h1-q64-k64-d64");
        RunResults run = Synthetic.Run() with { Kernels = [Synthetic.Kernel(Quoted, 1)], Cases = [once, once] };
        Sample time = Assert.Single(Parse(OpenMetricsFile.Text(new ReportData([run]))), sample => sample.Name == "attention_kernel_time_seconds");
        Assert.Equal("simd-\"quoted\\\n name", time.Labels["kernel"]);
    }

    [Fact]
    public void Several_runs_are_told_apart() =>
        Assert.Equal(2, Parse(OpenMetricsFile.Text(new ReportData([Synthetic.Run("a"), Synthetic.Run("b")])))
            .Where(sample => sample.Name == "attention_kernel_time_seconds").Select(sample => sample.Labels["run"]).Distinct().Count());

    [Fact]
    public void Every_family_is_documented() =>
        Assert.All(
            Parse(OpenMetricsFile.Text(new ReportData([Synthetic.Run()]))).Select(sample => sample.Name).Distinct(),
            name => Assert.Contains($"| `{name}` |", Repository.Read("docs/results.md"), StringComparison.Ordinal));

    private sealed record Sample(string Name, Dictionary<string, string> Labels, double Value);

    private static List<Sample> Parse(string text)
    {
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var samples = new List<Sample>();
        var types = new Dictionary<string, string>();
        var series = new HashSet<string>();
        string family = "";
        foreach (string line in text[..^"# EOF\n".Length].TrimEnd('\n').Split('\n'))
        {
            if (MetadataPattern().Match(line) is { Success: true } metadata)
            {
                (string kind, string name, string rest) = (metadata.Groups[1].Value, metadata.Groups[2].Value, metadata.Groups[3].Value);
                if (kind == "TYPE")
                    types.Add(family = name, rest);
                Assert.Equal(family, name);
                if (kind == "UNIT")
                    Assert.EndsWith($"_{rest}", name, StringComparison.Ordinal);
                continue;
            }
            Match sample = SamplePattern().Match(line);
            Assert.True(sample.Success, line);
            Assert.Equal(types[family] == "info" ? family + "_info" : family, sample.Groups["name"].Value);
            Assert.True(series.Add(line[..line.LastIndexOf(' ')]), line);
            samples.Add(new Sample(
                sample.Groups["name"].Value,
                LabelPattern().Matches(sample.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => Unescape(label.Groups[2].Value)),
                double.Parse(sample.Groups["value"].Value)));
        }
        return samples;
    }

    private static string Unescape(string text) => EscapePattern().Replace(text, escape => escape.Value == "\\n" ? "\n" : escape.Value[1..]);

    [GeneratedRegex("^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$")]
    private static partial Regex MetadataPattern();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<labels>[a-z_]+="(?:[^"\\]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\]|\\[\\"n])*")*)\} """
        + """(?<value>-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?)$""")]
    private static partial Regex SamplePattern();

    [GeneratedRegex("""([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)""")]
    private static partial Regex LabelPattern();

    [GeneratedRegex("""\\[\\"n]""")]
    private static partial Regex EscapePattern();
}

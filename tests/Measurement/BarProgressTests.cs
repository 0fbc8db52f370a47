using System.Text;
using Kernels.Bench.Display;
using Kernels.Results;
using Spectre.Console;
using Xunit;

namespace Kernels.Tests.Measurement;

public class BarProgressTests
{
    [Fact]
    public void It_draws_steps_notes_and_failures_on_a_terminal()
    {
        var output = new TerminalOutput();

        int answer = BarProgress.Show(output, progress =>
        {
            progress.Expect(2);
            progress.Begin("gate: [odd] name");
            progress.End(1);
            progress.Begin("a case");
            progress.End(1, Samples.Request.Plan[0].Result(CaseStatus.Failed, "it [threw]"));
            progress.Note("a [note]");
            return 42;
        });

        Assert.Equal(42, answer);
        Assert.Contains("gate: [odd] name", output.Text);
        Assert.Contains("it [threw]", output.Text);
        Assert.Contains("a [note]", output.Text);
    }

    private sealed class TerminalOutput : IAnsiConsoleOutput
    {
        private readonly StringWriter writer = new();

        public string Text => writer.ToString();

        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}

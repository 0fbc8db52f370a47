using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>Loss and accuracy of a training, and accuracy against the length of what is copied.</summary>
internal static class TrainingCharts
{
    // A colour and a marker for each rung of a ladder.
    private static readonly string[] families = ["linear", "sparse", "simd", "flash"];

    /// <summary>The charts that the results allow.</summary>
    public static IReadOnlyList<Chart> Draw(TrainingResults results) =>
        [.. new[] { Lengths(results), Curve(results, "accuracy", "right answers", AccuracyAxis(), point => point.Accuracy), Loss(results) }.OfType<Chart>()];

    private static string Subtitle(TrainingResults results) => $"task {results.Task}, seed {results.Seed}, {results.Steps} steps · {results.Machine.Processor}";

    private static Chart? Loss(TrainingResults results)
    {
        double[] losses = [.. results.Models.SelectMany(model => model.Curve).Select(point => point.Loss).Append(results.LeastLoss).Where(loss => loss > 0)];
        return losses.Length == 0 ? null
            : Curve(results, "loss", "loss (nats a word)", Axis.Logarithmic("loss (nats a word)", losses, Numbers.Tick), point => point.Loss);
    }

    private static Axis AccuracyAxis() => Axis.Linear("right answers", 1.02, Percent);

    private static Chart? Curve(TrainingResults results, string kind, string title, Axis vertical, Func<TrainingPoint, double> value)
    {
        TrainedModel[] models = [.. results.Models.Where(model => model.Curve.Count > 0)];
        if (models.Length == 0)
            return null;
        var chart = new LineChart
        {
            Title = kind == "loss" ? "Loss against steps" : $"Accuracy against steps: {results.CurveTest}",
            Subtitle = Subtitle(results),
            Horizontal = Axis.Linear("steps", 1.02 * results.Steps, Numbers.Tick),
            Vertical = vertical,
            Series =
            [
                .. models.Select((model, rank) => new LineSeries(
                    null, $"{model.Name}  {Text(kind, value(model.Curve[^1]))}", Style(rank, models.Length),
                    [
                        .. model.Curve.Where(point => value(point) >= vertical.Low).Select(point => new LinePoint(
                            point.Step, value(point), value(point), value(point),
                            new Hint($"{model.Name}, step {point.Step}\n{title}: {Text(kind, value(point))}"))),
                    ])),
            ],
            Marks = kind == "loss" && results.LeastLoss > 0
                ? [new Mark(0, results.LeastLoss, results.Steps, results.LeastLoss, "what is random in the sentences", MarkWeight.Thin, LabelFirst: true)]
                : [],
        };
        return new Chart($"training-{kind}", chart, kind == "loss"
            ? "Mean of the steps since the point before, of the sentences of training; labels: at the end."
            : $"Share of right answers in the test \"{results.CurveTest}\", whose sentences are the same at every point.");
    }

    private static Chart? Lengths(TrainingResults results)
    {
        TrainedModel[] models = [.. results.Models.Where(model => model.Tests.Any(test => test.Length is not null))];
        if (models.Length == 0)
            return null;
        TestResult[] all = [.. models.SelectMany(model => model.Tests)];
        double longest = all.Where(test => test.Trained).Max(test => test.Length!.Value);
        var chart = new LineChart
        {
            Title = "What a model copies, against the length of the sentence",
            Subtitle = Subtitle(results),
            Horizontal = Axis.Lengths("words of the sentence", all.Select(test => (double)test.Length!.Value)),
            Vertical = AccuracyAxis(),
            Series =
            [
                .. models.Select((model, rank) => new LineSeries(
                    null, $"{model.Name}  {Percent(model.Tests[^1].Accuracy)}", Style(rank, models.Length),
                    [
                        .. model.Tests.Select(test => new LinePoint(
                            test.Length!.Value, test.Accuracy, test.Accuracy, test.Accuracy,
                            new Hint($"{model.Name}: {model.Idea}\n{test.Name}{(test.Trained ? "" : ", longer than any of training")}: "
                                + $"{Numbers.Percent(test.Accuracy)}"))),
                    ])),
            ],
            Marks = [new Mark(longest, 0, longest, 1, "longest of training", MarkWeight.Guide)],
        };
        return new Chart(
            "training-lengths", chart,
            "Share of words that are right, each given the right words before it. Models of about as many parameters, trained on the same sentences for as "
            + "many steps; labels: at the longest length. One state of fixed size holds few words; attention reads any of them; one layer of attention cannot "
            + "look for the word behind an earlier copy of the present one, two can.");
    }

    private static SeriesStyle Style(int rank, int count) => SeriesStyle.Of(families[(families.Length - count + rank) % families.Length], 0);

    private static string Text(string kind, double value) => kind == "loss" ? Numbers.Significant(value) : Percent(value);

    private static string Percent(double share) => $"{100 * share:0.#} %";
}

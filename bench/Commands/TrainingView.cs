using Kernels.Bench.Display;
using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>What <c>train</c> prints.</summary>
/// <param name="output">Where to.</param>
/// <param name="results">The training as it begins.</param>
internal sealed class TrainingView(TextWriter output, TrainingResults results)
{
    private bool hasBegun;

    /// <summary>The last point of a curve, and before the first what is trained.</summary>
    public void WritePoint(TrainedModel model)
    {
        if (!hasBegun)
            output.WriteLine($"{results.Task}: seed {results.Seed}, {results.Steps} steps, {Numbers.Threads(results.Threads)}; "
                + $"{string.Join(", ", results.Kernels.Values)}");
        hasBegun = true;
        TrainingPoint point = model.Curve[^1];
        output.WriteLine(
            $"{model.Name}  step {point.Step} of {results.Steps}  loss {point.Loss:f4}  {results.CurveTest} {100 * point.Accuracy:f1} %  {model.Seconds:f1} s");
    }

    /// <summary>The tests of all models that are done, one a row and the models as columns.</summary>
    public void WriteTests(TrainingResults ended)
    {
        TrainedModel[] done = [.. ended.Models.Where(model => model.Tests.Count > 0)];
        if (done.Length == 0)
            return;
        new Terminal(output).WriteTable(
            ["right answers", "trained on", .. done.Select(model => model.Name)],
            [
                ["parameters", "", .. done.Select(model => model.Parameters.ToString("N0"))],
                .. done[0].Tests.Select((test, index) => (string[])
                [
                    test.Name, test.Trained ? "yes" : "no",
                    .. done.Select(model => $"{100 * model.Tests[index].Accuracy:f1} %"),
                ]),
            ]);
    }
}

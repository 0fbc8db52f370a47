using System.Globalization;
using Kernels.Bench.Display;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>What <c>train</c> prints.</summary>
internal static class TrainingView
{
    /// <summary>The last point of a curve.</summary>
    public static void WritePoint(TextWriter output, TrainingResults results, TrainedModel model)
    {
        TrainingPoint point = model.Curve[^1];
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Name}  step {point.Step} of {results.Steps}  loss {point.Loss:f4}  {results.CurveTest} {100 * point.Accuracy:f1} %  {model.Seconds:f1} s"));
    }

    /// <summary>The tests of all models that are done, one a row and the models as columns.</summary>
    public static void WriteTests(TextWriter output, TrainingResults results)
    {
        TrainedModel[] done = [.. results.Models.Where(model => model.Tests.Count > 0)];
        if (done.Length == 0)
            return;
        new Terminal(output).WriteTable(
            ["right answers", "trained on", .. done.Select(model => model.Name)],
            [
                ["parameters", "", .. done.Select(model => model.Parameters.ToString("N0", CultureInfo.InvariantCulture))],
                .. done[0].Tests.Select((test, index) => (string[])
                [
                    test.Name, test.Trained ? "yes" : "no",
                    .. done.Select(model => string.Create(CultureInfo.InvariantCulture, $"{100 * model.Tests[index].Accuracy:f1} %")),
                ]),
            ]);
    }
}

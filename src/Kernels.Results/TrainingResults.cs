namespace Kernels.Results;

/// <summary>What <c>train</c> writes as <see cref="FileName"/>, documented in docs/results.md.</summary>
public sealed record TrainingResults
{
    /// <summary>Its file, in the folder of the training.</summary>
    public const string FileName = "training.json";

    /// <summary>Version of the layout.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The command line that repeats the training.</summary>
    public required string Command { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Git revision of the sources, with <c>+changes</c> when the tree was not clean; null outside a checkout.</summary>
    public string? GitRevision { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>What was learned: <c>winograd</c> or <c>copy</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Of the parameters to begin with, and of the sentences.</summary>
    public required int Seed { get; init; }

    /// <summary>Steps of each model.</summary>
    public required int Steps { get; init; }

    /// <summary>Threads of the last run; parameters do not depend on them.</summary>
    public required int Threads { get; init; }

    /// <summary>The kernel of each operation that the training ran on.</summary>
    public required IReadOnlyDictionary<string, string> Kernels { get; init; }

    /// <summary>The test whose accuracy stands in the curves.</summary>
    public required string CurveTest { get; init; }

    /// <summary>The loss of a model that knows all that can be known, in nats a word: what is random in the sentences.</summary>
    public required double LeastLoss { get; init; }

    /// <summary>Whether it was stopped before its end; <c>--resume</c> goes on.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The models that were begun, in the order of the ladder.</summary>
    public required IReadOnlyList<TrainedModel> Models { get; init; }
}

/// <summary>A model and what it learned.</summary>
public sealed record TrainedModel
{
    /// <summary>Its name; its parameters are in the file of this name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Idea { get; init; }

    /// <summary>Numbers that are learned.</summary>
    public required int Parameters { get; init; }

    /// <summary>Steps that are done.</summary>
    public required int Step { get; init; }

    /// <summary>Time of these steps, tests and files included, of all runs together.</summary>
    public required double Seconds { get; init; }

    /// <summary>Loss and accuracy during the training.</summary>
    public required IReadOnlyList<TrainingPoint> Curve { get; init; }

    /// <summary>The tests after the last step; empty before.</summary>
    public required IReadOnlyList<TestResult> Tests { get; init; }
}

/// <summary>A point of a curve.</summary>
/// <param name="Step">Steps that were done.</param>
/// <param name="Loss">Mean loss of the steps since the point before, in nats for each word that is asked.</param>
/// <param name="Accuracy">Share of right answers in the test of the curve.</param>
public sealed record TrainingPoint(int Step, double Loss, double Accuracy);

/// <summary>A test after training.</summary>
/// <param name="Name">What is tested.</param>
/// <param name="Length">Words of a sentence that is copied; null for a test of something else.</param>
/// <param name="Trained">Whether training had sentences of this kind.</param>
/// <param name="Asked">Words that were asked.</param>
/// <param name="Accuracy">Share of right answers.</param>
public sealed record TestResult(string Name, int? Length, bool Trained, int Asked, double Accuracy);

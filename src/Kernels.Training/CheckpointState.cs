using Kernels.Results;

namespace Kernels.Training;

/// <summary>
/// Where a training is: what is in a checkpoint beside its tensors. Sentences are functions of seed and step, so these two are the state of all
/// random numbers.
/// </summary>
public sealed record CheckpointState
{
    /// <summary>What is learned.</summary>
    public required string Task { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>Of parameters and sentences.</summary>
    public required int Seed { get; init; }

    /// <summary>Steps of the whole training.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps that are done.</summary>
    public required int Step { get; init; }

    /// <summary>Time of these steps.</summary>
    public required double Seconds { get; init; }

    /// <summary>Sum of the losses of the steps since the last point of the curve.</summary>
    public required double LossSum { get; init; }

    /// <summary>The curve so far.</summary>
    public required IReadOnlyList<TrainingPoint> Curve { get; init; }
}

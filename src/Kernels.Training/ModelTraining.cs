using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Graphs;
using Kernels.Training.Models;
using Kernels.Training.Tasks;

namespace Kernels.Training;

/// <summary>The training of one model: its parameters, the optimiser, and a computation for each size of batch, built once.</summary>
public sealed class ModelTraining : IDisposable
{
    // Points of a curve, each with a checkpoint.
    private const int Points = 40;

    private readonly TrainingTask task;
    private readonly SequenceModel model;
    private readonly TrainingKernels kernels;
    private readonly IExecutor executor;
    private readonly Adam optimiser;
    private readonly Dictionary<(BatchSize, float), SequenceProgram> programs = [];
    private readonly int seed, steps;
    private readonly List<TrainingPoint> curve = [];
    private double lossSum, seconds;

    /// <summary>A model with the parameters of a seed, before its first step.</summary>
    /// <param name="task">What it learns.</param>
    /// <param name="model">One of the task's models.</param>
    /// <param name="kernels">What it runs on.</param>
    /// <param name="executor">Runs the kernels; the caller owns it.</param>
    /// <param name="seed">Of the parameters and of the sentences.</param>
    /// <param name="steps">Steps of the whole training, at least 1.</param>
    public ModelTraining(TrainingTask task, SequenceModel model, TrainingKernels kernels, IExecutor executor, int seed, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        (this.task, this.model, this.kernels, this.executor, this.seed, this.steps) = (task, model, kernels, executor, seed, steps);
        Parameters = new ParameterSet(model.Parameters);
        Parameters.Initialise(seed);
        optimiser = new Adam(Parameters, task.LearningRate, task.WeightDecay, steps);
    }

    /// <summary>The parameters.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Steps that are done.</summary>
    public int Step { get; private set; }

    /// <summary>Whether all steps are done.</summary>
    public bool IsDone => Step == steps;

    /// <summary>Builds the computation of the next step.</summary>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public void Prepare()
    {
        IReadOnlyList<Batch> batches = task.Training(seed, Step);
        foreach (Batch batch in batches)
            Program(batch, 1f / batches.Count);
    }

    /// <summary>Does one step: the mean loss of its batches, the gradients of all, one change of the parameters.</summary>
    /// <returns>Whether the curve has a new point.</returns>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public bool Train()
    {
        long begin = Stopwatch.GetTimestamp();
        IReadOnlyList<Batch> batches = task.Training(seed, Step);
        foreach (Batch batch in batches)
        {
            SequenceProgram program = Program(batch, 1f / batches.Count);
            lossSum += program.Forward(batch);
            program.Graph.Backward();
        }
        optimiser.Step(Step++);
        int last = curve.Count > 0 ? curve[^1].Step : 0;
        bool isPoint = Step == steps || Step - last == Math.Max(1, steps / Points);
        if (isPoint)
        {
            curve.Add(new(Step, lossSum / (Step - last), Accuracy(task.CurveTest)));
            lossSum = 0;
        }
        seconds += Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return isPoint;
    }

    /// <summary>The model as results tell it; with the tests where all steps are done.</summary>
    public TrainedModel Result() => new()
    {
        Name = model.Name,
        Idea = model.Idea,
        Parameters = Parameters.Count,
        Step = Step,
        Seconds = seconds,
        Curve = [.. curve],
        Tests = IsDone ? [.. task.Tests.Select(test => new TestResult(test.Name, test.Length, test.Trained, test.Asked, Accuracy(test)))] : [],
    };

    /// <summary>Writes all that a later process needs to go on.</summary>
    /// <exception cref="IOException">It cannot be written; an earlier file is as it was.</exception>
    public void Save(string path) => Checkpoint.Write(path, Parameters, new()
    {
        Task = task.Name,
        Model = model.Name,
        Seed = seed,
        Steps = steps,
        Step = Step,
        Seconds = seconds,
        LossSum = lossSum,
        Curve = [.. curve],
    });

    /// <summary>Goes on where a file was written.</summary>
    /// <exception cref="UserError">The file is damaged, or of another training.</exception>
    public void Load(string path)
    {
        CheckpointState state = Checkpoint.Read(path, Parameters);
        if ((state.Task, state.Model, state.Seed, state.Steps) != (task.Name, model.Name, seed, steps) || state.Step < 0 || state.Step > steps)
            throw new UserError(OneLine.Clean(
                $"{path}: it is of another training: {state.Task}, {state.Model}, seed {state.Seed}, step {state.Step} of {state.Steps}."));
        (Step, lossSum, seconds) = (state.Step, state.LossSum, state.Seconds);
        curve.Clear();
        curve.AddRange(state.Curve);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SequenceProgram program in programs.Values)
            program.Dispose();
        Parameters.Dispose();
    }

    private double Accuracy(TestSet test) => (double)test.Batches.Sum(batch => Program(batch, 1).Right(batch)) / test.Asked;

    private SequenceProgram Program(Batch batch, float weight)
    {
        (BatchSize, float) key = (BatchSize.Of(batch), weight);
        if (!programs.TryGetValue(key, out SequenceProgram? program))
            programs.Add(key, program = model.Build(new Graph(kernels, executor), Parameters, key.Item1, weight));
        return program;
    }
}

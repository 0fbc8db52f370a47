using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Training.Graphs;
using Kernels.Training.Models;
using Kernels.Training.Tasks;

namespace Kernels.Training;

/// <summary>
/// Trains the models of a task one after another, with a checkpoint of each in a folder, from where an earlier run of the same folder ended.
/// </summary>
/// <param name="task">What is learned.</param>
/// <param name="kernels">What it runs on.</param>
/// <param name="threads">Threads; the parameters do not depend on them.</param>
/// <param name="seed">Of parameters and sentences.</param>
/// <param name="steps">Steps of each model.</param>
/// <param name="folder">Of the checkpoints; it exists.</param>
public sealed class TrainingRun(TrainingTask task, TrainingKernels kernels, int threads, int seed, int steps, string folder)
{
    /// <summary>Requires that the kernels take the sizes of all models.</summary>
    /// <exception cref="NotSupportedException">A kernel refuses them.</exception>
    public void Require()
    {
        foreach (SequenceModel model in task.Models)
        {
            using var training = new ModelTraining(task, model, kernels, SerialExecutor.Instance, seed, steps);
            training.Prepare();
        }
    }

    /// <summary>Trains until all models are done or it is stopped; both leave checkpoints of the last step.</summary>
    /// <param name="onPoint">Called with all models so far, the last of which has a new point of its curve or is done.</param>
    /// <param name="stop">Ends it after the step at hand.</param>
    /// <returns>The models that were begun.</returns>
    /// <exception cref="UserError">A checkpoint is damaged, or of another training.</exception>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public IReadOnlyList<TrainedModel> Run(Action<IReadOnlyList<TrainedModel>> onPoint, CancellationToken stop)
    {
        using IExecutor executor = threads > 1 ? new Team(threads) : SerialExecutor.Instance;
        List<TrainedModel> models = [];
        foreach (SequenceModel model in task.Models)
        {
            if (stop.IsCancellationRequested)
                break;
            using var training = new ModelTraining(task, model, kernels, executor, seed, steps);
            string path = Checkpoint.Path(folder, model.Name);
            WholeFile.Sweep([path]);
            if (File.Exists(path))
                training.Load(path);
            models.Add(training.Result());
            while (!training.IsDone && !stop.IsCancellationRequested)
            {
                if (!training.Train())
                    continue;
                training.Save(path);
                models[^1] = training.Result();
                onPoint(models);
            }
            training.Save(path);
            models[^1] = training.Result();
        }
        return models;
    }
}

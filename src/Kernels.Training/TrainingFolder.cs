using Kernels.Results;
using Kernels.Training.Models;
using Kernels.Training.Tasks;

namespace Kernels.Training;

/// <summary>The folder of a training: <see cref="TrainingResults.FileName"/>, and a checkpoint of each model that was begun.</summary>
public static class TrainingFolder
{
    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, TrainingResults.FileName));

    /// <summary>Writes the results.</summary>
    /// <exception cref="IOException">They cannot be written; the earlier ones are as they were.</exception>
    public static void Write(string folder, TrainingResults results) => JsonFile.Write(Path.Combine(folder, TrainingResults.FileName), results);

    /// <summary>Reads the results.</summary>
    /// <exception cref="UserError">There is no training, or it is damaged.</exception>
    public static TrainingResults Read(string folder)
    {
        string path = Path.Combine(folder, TrainingResults.FileName);
        if (!File.Exists(path))
            throw new UserError(OneLine.Clean($"{folder} has no training: there is no {TrainingResults.FileName} in it."));
        TrainingResults results = JsonFile.Read<TrainingResults>(path, out string? damage)
            ?? throw new UserError(OneLine.Clean($"{path} is damaged: {damage}."));
        if (results.SchemaVersion != 1)
            throw new UserError($"{path} has schema version {results.SchemaVersion}, but this program reads version 1.");
        if (results.Steps < 1 || results.Threads < 1)
            throw new UserError($"{path} is damaged: steps and threads are at least 1.");
        return results;
    }

    /// <summary>The task of results.</summary>
    /// <exception cref="UserError">There is none of this name.</exception>
    public static TrainingTask TaskOf(TrainingResults results) =>
        TrainingTasks.Find(results.Task) ?? throw new UserError($"This program has no task '{OneLine.Quote(results.Task)}'.");

    /// <summary>The last model with attention heads whose training was begun, with its parameters, which the caller disposes.</summary>
    /// <exception cref="UserError">There is none, or its checkpoint is damaged.</exception>
    public static (TrainingTask Task, SequenceModel Model, ParameterSet Parameters) LastTransformer(string folder)
    {
        TrainingTask task = TaskOf(Read(folder));
        SequenceModel model = task.Models.OfType<Transformer>().LastOrDefault(each => File.Exists(Checkpoint.Path(folder, each.Name)))
            ?? throw new UserError(OneLine.Clean($"{folder} has no checkpoint of a transformer yet."));
        var parameters = new ParameterSet(model.Parameters);
        try
        {
            Checkpoint.Read(Checkpoint.Path(folder, model.Name), parameters);
            return (task, model, parameters);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }
}

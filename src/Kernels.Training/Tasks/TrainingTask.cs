using Kernels.Training.Models;

namespace Kernels.Training.Tasks;

/// <summary>What is learned: sentences that are made from a seed, the models that learn them, and how they are tested.</summary>
public abstract class TrainingTask
{
    /// <summary>Its name on the command line and in files.</summary>
    public abstract string Name { get; }

    /// <summary>Its words.</summary>
    public abstract Vocabulary Vocabulary { get; }

    /// <summary>The models that learn it, in the order of a ladder.</summary>
    public abstract IReadOnlyList<SequenceModel> Models { get; }

    /// <summary>Steps where nothing else is said.</summary>
    public abstract int UsualSteps { get; }

    /// <summary>The largest learning rate.</summary>
    public abstract double LearningRate { get; }

    /// <summary>The decay of parameters, as a part of them and of the rate.</summary>
    public abstract double WeightDecay { get; }

    /// <summary>The tests at the end.</summary>
    public abstract IReadOnlyList<TestSet> Tests { get; }

    /// <summary>The one of them whose accuracy stands in the curve.</summary>
    public abstract TestSet CurveTest { get; }

    /// <summary>The loss of a model that knows all that can be known, in nats a word.</summary>
    public abstract double LeastLoss { get; }

    /// <summary>Texts that show what a trained model does.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>Whether the answer to a text is one of its words.</summary>
    public abstract bool AnswersFromSentence { get; }

    /// <summary>The place of a text at which a model is asked, from 0.</summary>
    /// <exception cref="Results.UserError">There is none.</exception>
    public abstract int Asked(IReadOnlyList<int> text);

    /// <summary>What is learned in one step: a function of seed and step alone, so that a training goes on where it was killed.</summary>
    public abstract IReadOnlyList<Batch> Training(int seed, int step);
}

/// <summary>Sentences that are tested together.</summary>
/// <param name="Name">Such as <c>held-out nouns</c>.</param>
/// <param name="Length">Length of the sentences, where the test is one of several lengths.</param>
/// <param name="Trained">Whether training has sentences of this kind.</param>
/// <param name="Batches">The sentences.</param>
public sealed record TestSet(string Name, int? Length, bool Trained, IReadOnlyList<Batch> Batches)
{
    /// <summary>Words that are asked.</summary>
    public int Asked => Batches.Sum(batch => batch.Targets.Length);
}

/// <summary>All tasks.</summary>
public static class TrainingTasks
{
    /// <summary>In the order of the command line.</summary>
    public static IReadOnlyList<TrainingTask> All { get; } = [new CoreferenceTask(), new CopyTask()];

    /// <summary>The one of a name; null where there is none.</summary>
    public static TrainingTask? Find(string name) => All.FirstOrDefault(task => task.Name == name);
}

using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Results;
using Kernels.Training;
using Kernels.Training.Models;
using Kernels.Training.Tasks;
using Xunit;

namespace Kernels.Tests.Training;

public sealed class TrainingTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("winograd", "transformer")]
    [InlineData("copy", "additive-attention")]
    public void Parameters_are_the_same_bits_on_any_number_of_threads(string task, string model)
    {
        float[] one = Train(task, model, SerialExecutor.Instance, steps: 6);
        using var team = new Team(3);

        Assert.Equal(one, Train(task, model, team, steps: 6));
        Assert.NotEqual(one, Train(task, model, SerialExecutor.Instance, steps: 6, seed: 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    public void A_training_that_was_stopped_goes_on_to_the_same_bits(int stopped)
    {
        const int Steps = 16;
        string path = temporary.File("stopped.safetensors");
        using ModelTraining whole = New("copy", "two-layers", Steps), first = New("copy", "two-layers", Steps), second = New("copy", "two-layers", Steps);
        while (!whole.IsDone)
            whole.Train();
        while (first.Step < stopped)
            first.Train();
        first.Save(path);

        second.Load(path);
        Assert.Equal(stopped, second.Step);
        while (!second.IsDone)
            second.Train();

        Assert.Equal(whole.Parameters.Numbers.ToArray(), second.Parameters.Numbers.ToArray());
        Assert.Equal(whole.Parameters.SecondMoments.ToArray(), second.Parameters.SecondMoments.ToArray());
        Assert.Equal(whole.Result().Curve, second.Result().Curve);
    }

    [Fact]
    public void Few_steps_learn_more_than_chance_allows()
    {
        using ModelTraining training = New("copy", "two-layers", 150);
        while (!training.IsDone)
            training.Train();

        TrainedModel result = training.Result();
        // ln 32: of a model that says each word as often as any other.
        Assert.True(result.Curve[^1].Loss < 0.9 * Math.Log(32), $"loss {result.Curve[^1].Loss}");
        // A word in 32 is right by chance, and one in 2 with the words of the sentence known.
        Assert.True(result.Tests.Single(test => test.Length == 2).Accuracy > 0.75, $"accuracy {result.Tests.Single(test => test.Length == 2).Accuracy}");
    }

    [Fact]
    public void Held_out_nouns_are_in_no_training_sentence_with_it()
    {
        var task = new CoreferenceTask();
        HashSet<int> asked = [.. task.Tests[0].Batches.SelectMany(batch => batch.Targets)];
        int it = task.Vocabulary["it"], statements = 0;

        Assert.Contains(task.Vocabulary["animal"], asked);
        Assert.Contains(task.Vocabulary["street"], asked);
        foreach (Batch batch in Enumerable.Range(0, 200).SelectMany(step => task.Training(1, step)))
        {
            for (int sentence = 0; sentence < batch.Sequences; sentence++)
            {
                int[] words = batch.Ids[(sentence * batch.Tokens)..((sentence + 1) * batch.Tokens)];
                if (words.Contains(it))
                    Assert.False(words.Any(asked.Contains) || asked.Contains(batch.Targets[sentence]));
                else
                    statements += words.Append(batch.Targets[sentence]).Any(asked.Contains) ? 1 : 0;
            }
        }
        Assert.True(statements > 0);
    }

    [Fact]
    public void What_is_copied_follows_what_is_read()
    {
        var task = new CopyTask();
        foreach (Batch batch in task.Tests.SelectMany(test => test.Batches).Concat(Enumerable.Range(0, 20).SelectMany(step => task.Training(1, step))))
        {
            int half = batch.Tokens / 2;
            for (int sentence = 0; sentence < batch.Sequences; sentence++)
            {
                ReadOnlySpan<int> words = batch.Ids.AsSpan(sentence * batch.Tokens, batch.Tokens), targets = batch.Targets.AsSpan(sentence * half, half);
                Assert.Equal(half, words[..half].ToArray().Distinct().Count());
                Assert.True(words[..half].SequenceEqual(targets));
                Assert.True(words[(half + 1)..].SequenceEqual(targets[..^1]));
            }
        }
    }

    [Fact]
    public void Models_of_a_ladder_have_about_as_many_parameters()
    {
        int[] counts = [.. new CopyTask().Models.Select(model => model.Parameters.Sum(shape => shape.Count))];
        Assert.Equal(4, counts.Length);
        Assert.True(counts.Max() < 1.1 * counts.Min(), string.Join(", ", counts));
    }

    private static float[] Train(string task, string model, IExecutor executor, int steps, int seed = 1)
    {
        using ModelTraining training = New(task, model, steps, executor, seed);
        while (!training.IsDone)
            training.Train();
        return training.Parameters.Numbers.ToArray();
    }

    private static ModelTraining New(string name, string model, int steps, IExecutor? executor = null, int seed = 1)
    {
        TrainingTask task = TrainingTasks.Find(name)!;
        return new(task, task.Models.Single(each => each.Name == model), TrainingSelection.Parse(null), executor ?? SerialExecutor.Instance, seed, steps);
    }
}

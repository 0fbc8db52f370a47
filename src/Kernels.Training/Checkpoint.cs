using System.Text;
using System.Text.Json;
using Kernels.Models.Files;
using Kernels.Results;
using Kernels.Training.Models;

namespace Kernels.Training;

/// <summary>
/// A training in one .safetensors file, complete or absent at any moment: the parameters by their names, both moments of the optimiser by the same names behind
/// <c>adam.first.</c> and <c>adam.second.</c>, and a <see cref="CheckpointState"/> as JSON in the metadata.
/// </summary>
public static class Checkpoint
{
    private const string First = "adam.first.", Second = "adam.second.", State = "training";

    /// <summary>The ending of the files.</summary>
    public const string Ending = ".safetensors";

    /// <summary>The file of a model in a folder.</summary>
    public static string Path(string folder, string model) => System.IO.Path.Combine(folder, model + Ending);

    /// <summary>Writes a file; an earlier one is replaced.</summary>
    /// <exception cref="IOException">It cannot be written; the earlier one is as it was.</exception>
    public static void Write(string path, ParameterSet parameters, CheckpointState state)
    {
        List<(string, int[], float[])> tensors = [];
        foreach ((string prefix, Source source) in Sources)
        {
            int offset = 0;
            foreach (ParameterShape shape in parameters.Shapes)
            {
                tensors.Add((prefix + shape.Name, [shape.Rows, shape.Columns], source(parameters).Slice(offset, shape.Count).ToArray()));
                offset += shape.Count;
            }
        }
        SafetensorsWriter.Write(path, tensors,
            new Dictionary<string, string> { [State] = JsonSerializer.Serialize(state, ResultsJson.Options) }, overwrite: true);
    }

    /// <summary>Reads the tensors of a file into the memory of a model.</summary>
    /// <returns>Where the training was.</returns>
    /// <exception cref="UserError">The file is damaged, or of another model; one line.</exception>
    public static CheckpointState Read(string path, ParameterSet parameters)
    {
        using var file = WeightsFile.Open(path);
        CheckpointState state = Parse(path, file);
        foreach ((string prefix, Source source) in Sources)
        {
            int offset = 0;
            foreach (ParameterShape shape in parameters.Shapes)
            {
                float[] numbers = file.Read(prefix + shape.Name, shape.Rows, shape.Columns);
                if (!Array.TrueForAll(numbers, float.IsFinite))
                    throw new UserError(OneLine.Clean($"{path}: {prefix}{shape.Name} has a number that is not finite."));
                numbers.CopyTo(source(parameters)[offset..]);
                offset += shape.Count;
            }
        }
        return state;
    }

    private static CheckpointState Parse(string path, WeightsFile file)
    {
        if (!file.Metadata.TryGetValue(State, out string? text))
            throw new UserError(OneLine.Clean($"{path}: it is no checkpoint of a training."));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return JsonFile.Read<CheckpointState>(stream, out string? damage) ?? throw new UserError(OneLine.Clean($"{path}: its state is damaged: {damage}."));
    }

    private delegate Span<float> Source(ParameterSet parameters);

    private static (string Prefix, Source Source)[] Sources =>
        [("", parameters => parameters.Numbers), (First, parameters => parameters.FirstMoments), (Second, parameters => parameters.SecondMoments)];
}

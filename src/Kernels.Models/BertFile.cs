using Kernels.Models.Files;
using Kernels.Results;

namespace Kernels.Models;

/// <summary>
/// Finds the weights of an encoder in a file by the names of Hugging Face's BertModel. There a matrix is <c>….weight</c>, [out, in]; an
/// exporter to ONNX transposes it and drops its name, so that it is found by its use: the right factor of the product to which the bias of
/// its layer is added.
/// </summary>
internal sealed class BertFile(WeightsFile file, string name)
{
    // The rows of two kinds of sentences, of which the first is used.
    private const int TokenTypes = 2;

    private readonly ILookup<string, GraphNode> products = ByName(file, "MatMul", node => node.Outputs);
    private readonly ILookup<string, GraphNode> sums = ByName(file, "Add", node => node.Inputs);

    /// <summary>Reads all weights.</summary>
    /// <exception cref="UserError">A tensor is missing or has another shape.</exception>
    public EncoderWeights Read(EncoderShape shape) => new(
        shape,
        file.Read("embeddings.word_embeddings.weight", shape.Vocabulary, shape.Width),
        file.Read("embeddings.position_embeddings.weight", shape.Positions, shape.Width),
        file.Read("embeddings.token_type_embeddings.weight", TokenTypes, shape.Width)[..shape.Width],
        file.Read("embeddings.LayerNorm.weight", shape.Width),
        file.Read("embeddings.LayerNorm.bias", shape.Width),
        [.. Enumerable.Range(0, shape.Layers).Select(layer => ReadLayer($"encoder.layer.{layer}", shape))]);

    private LayerWeights ReadLayer(string layer, EncoderShape shape)
    {
        (int width, int hidden) = (shape.Width, shape.Hidden);
        return new(
            Matrix($"{layer}.attention.self.query", width, width), Bias($"{layer}.attention.self.query", width),
            Matrix($"{layer}.attention.self.key", width, width), Bias($"{layer}.attention.self.key", width),
            Matrix($"{layer}.attention.self.value", width, width), Bias($"{layer}.attention.self.value", width),
            Matrix($"{layer}.attention.output.dense", width, width), Bias($"{layer}.attention.output.dense", width),
            file.Read($"{layer}.attention.output.LayerNorm.weight", width), Bias($"{layer}.attention.output.LayerNorm", width),
            Matrix($"{layer}.intermediate.dense", width, hidden), Bias($"{layer}.intermediate.dense", hidden),
            Matrix($"{layer}.output.dense", hidden, width), Bias($"{layer}.output.dense", width),
            file.Read($"{layer}.output.LayerNorm.weight", width), Bias($"{layer}.output.LayerNorm", width));
    }

    private float[] Bias(string module, int width) => file.Read($"{module}.bias", width);

    // [rows, columns] is [in, out].
    private float[] Matrix(string module, int rows, int columns) => file.Tensors.ContainsKey($"{module}.weight")
        ? Transposed(file.Read($"{module}.weight", columns, rows), rows, columns)
        : file.Read(ByUse($"{module}.bias"), rows, columns);

    private string ByUse(string bias) =>
        sums[bias].SelectMany(sum => sum.Inputs).SelectMany(value => products[value]).FirstOrDefault() is { Inputs: [_, var right] }
        && file.Tensors.ContainsKey(right)
            ? right
            : throw new UserError(OneLine.Clean($"{name}: no product of a matrix is added to '{bias}', so that the matrix is not found."));

    private static ILookup<string, GraphNode> ByName(WeightsFile file, string op, Func<GraphNode, IEnumerable<string>> values) =>
        file.Nodes.Where(node => node.Operator == op).SelectMany(node => values(node).Select(value => (value, node)))
            .ToLookup(pair => pair.value, pair => pair.node);

    private static float[] Transposed(float[] source, int rows, int columns)
    {
        float[] target = new float[source.Length];
        for (int column = 0; column < columns; column++)
            for (int row = 0; row < rows; row++)
                target[row * columns + column] = source[column * rows + row];
        return target;
    }
}

using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>
/// output = weight · mean over rows of −log softmax(logits)[target]. Its gradient by the logits is weight·(softmax − one at the target)/rows. It begins the way
/// back: the gradient of its own output is 1.
/// </summary>
/// <param name="output">[1, 1].</param>
/// <param name="logits">[rows, vocabulary].</param>
/// <param name="probabilities">[rows, vocabulary]; computed by <see cref="Forward"/>.</param>
/// <param name="targets">Set before a run; each below the size of the vocabulary.</param>
/// <param name="hidden">[rows, vocabulary], set before a run: −∞ for a word that cannot be the answer, else 0.</param>
/// <param name="weight">The share of this loss in that of a step.</param>
internal sealed class CrossEntropy(Value output, Value logits, Value probabilities, int[] targets, float[] hidden, float weight) : Node(output, logits)
{
    /// <summary>What should be most probable in each row.</summary>
    public int[] Targets => targets;

    /// <summary>[rows, vocabulary]: −∞ for a word that cannot be the answer, else 0.</summary>
    public float[] Hidden => hidden;

    /// <summary>[rows, vocabulary].</summary>
    public Value Probabilities => probabilities;

    /// <summary>The share of this loss in that of a step.</summary>
    public float Weight => weight;

    /// <summary>The most probable token of a row.</summary>
    public int Best(int row) => TensorPrimitives.IndexOfMax<float>(probabilities.Row(row));

    public override void Forward()
    {
        double sum = 0;
        for (int row = 0; row < logits.Rows; row++)
        {
            Span<float> p = probabilities.Row(row);
            TensorPrimitives.Add(logits.Row(row), hidden.AsSpan(row * logits.Columns, logits.Columns), p);
            TensorPrimitives.Subtract(p, TensorPrimitives.Max<float>(p), p);
            double target = p[targets[row]];
            TensorPrimitives.Exp(p, p);
            float total = TensorPrimitives.Sum(p);
            TensorPrimitives.Divide(p, total, p);
            sum += Math.Log(total) - target;
        }
        Output.Numbers[0] = (float)(weight * sum / logits.Rows);
    }

    public override void Backward()
    {
        float share = weight / logits.Rows;
        for (int row = 0; row < logits.Rows; row++)
        {
            Span<float> gradient = logits.GradientRow(row);
            TensorPrimitives.MultiplyAdd(probabilities.Row(row), share, gradient, gradient);
            gradient[targets[row]] -= share;
        }
    }
}

using Kernels.Training.Graphs;
using Kernels.Training.Models;
using Xunit;

namespace Kernels.Tests.Training;

/// <summary>Gradients of whole models in float32 against central differences of their loss in float64, for every number of every parameter.</summary>
public class GradientTests
{
    /// <summary>
    /// The largest difference, as a part of the largest gradient of the tensor. float32 rounds each of some tens of steps on the way to 6·10⁻⁸ of a number; the
    /// largest difference seen is 1.3·10⁻⁶, with any vectors.
    /// </summary>
    private const double Allowed = 3e-6;

    /// <summary>
    /// Of the largest gradient of the model: below, a tensor is compared with this. The biases of keys have no gradient at all, since they move all
    /// scores of a row alike.
    /// </summary>
    private const double Least = 0.05;

    [Theory]
    [MemberData(nameof(SmallModel.Names), MemberType = typeof(SmallModel))]
    public void Gradients_are_those_of_central_differences(string name)
    {
        using var model = SmallModel.Of(name);
        (double[] wanted, double loss) = model.Differences();

        model.Program.Graph.Backward();

        Assert.Equal(loss, model.Loss, 1e-6 * loss);
        foreach ((string tensor, double difference) in Differences(model.Parameters, wanted))
            Assert.True(difference <= Allowed, $"{tensor}: {difference:g3}");
    }

    /// <summary>The way back without any single term: without the gradient that one node gives to one of its inputs. Each must be noticed.</summary>
    [Theory]
    [MemberData(nameof(SmallModel.Names), MemberType = typeof(SmallModel))]
    public void A_way_back_without_any_one_term_is_noticed(string name)
    {
        using var model = SmallModel.Of(name);
        (double[] wanted, _) = model.Differences();
        IReadOnlyList<Node> nodes = model.Program.Graph.Nodes;
        int dropped = 0;
        for (int node = 0; node < nodes.Count; node++)
        {
            for (int input = 0; input < nodes[node].Inputs.Count; input++)
            {
                if (!LeadsToParameters(model.Program.Graph, nodes[node].Inputs[input]))
                    continue;
                model.Parameters.Gradients.Clear();
                if (!BackwardWithout(model.Program.Graph, node, input))
                    continue;
                dropped++;
                Assert.True(
                    Differences(model.Parameters, wanted).Max(each => each.Difference) > Allowed,
                    $"Without the gradient of {nodes[node].GetType().Name}, node {node}, by its input {input}, nothing is noticed.");
            }
        }
        Assert.True(dropped > nodes.Count, $"{dropped} terms of {nodes.Count} nodes");
    }

    private static IEnumerable<(string Tensor, double Difference)> Differences(ParameterSet parameters, double[] wanted)
    {
        double least = Least * wanted.Max(Math.Abs);
        int offset = 0;
        foreach (ParameterShape shape in parameters.Shapes)
        {
            float[] got = parameters[shape.Name].Gradients.ToArray();
            ArraySegment<double> right = new(wanted, offset, shape.Count);
            yield return (shape.Name, got.Zip(right, (a, b) => Math.Abs(a - b)).Max() / Math.Max(least, right.Max(Math.Abs)));
            offset += shape.Count;
        }
    }

    // Positions and states before the first do not, nor does what is of these alone.
    private static bool LeadsToParameters(Graph graph, Value value)
    {
        Node[] before = [.. graph.Nodes.Where(node => Overlap(node.Output, value))];
        return before.Length > 0 ? before.Any(node => node.Inputs.Any(input => LeadsToParameters(graph, input))) : !graph.Values.Contains(value);
    }

    private static unsafe bool Overlap(Value a, Value b) => a.Data < b.Data + b.Count && b.Data < a.Data + a.Count;

    // False where the term is nothing or too small for float32.
    private static bool BackwardWithout(Graph graph, int node, int input)
    {
        foreach (Value value in graph.Values)
            value.Gradients.Clear();
        bool matters = false;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            Value changed = graph.Nodes[node].Inputs[input];
            float[] before = changed.Gradients.ToArray();
            graph.Nodes[i].Backward();
            if (i != node)
                continue;
            matters = changed.Gradients.ToArray().Zip(before, (after, then) => Math.Abs(after - then)).Max() > 1e-4;
            before.CopyTo(changed.Gradients);
        }
        return matters;
    }
}

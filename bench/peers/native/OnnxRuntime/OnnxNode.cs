namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>An operator of a model with its attributes and its tensors, by the names that they have in the graph.</summary>
/// <param name="Type">Name of the operator.</param>
/// <param name="Domain">Empty for the operators of the standard.</param>
/// <param name="Scale">The attribute <c>scale</c>.</param>
/// <param name="Numbers">All other attributes.</param>
/// <param name="Inputs">In the order of the operator.</param>
/// <param name="Outputs">In the order of the operator.</param>
internal sealed record OnnxNode(
    string Type, string Domain, float Scale, IReadOnlyList<(string Name, int Value)> Numbers,
    IReadOnlyList<(string Name, OnnxTensor Tensor)> Inputs, IReadOnlyList<(string Name, OnnxTensor Tensor)> Outputs)
{
    private const int IrVersion = 10, StandardVersion = 23, ContribVersion = 1, FloatAttribute = 1, IntAttribute = 2;

    /// <summary>A model of this node alone. Field numbers are those of onnx.proto.</summary>
    public byte[] Model() => new ProtobufMessage()
        .Int(1, IrVersion)
        .Message(8, new ProtobufMessage().Text(1, "").Int(2, StandardVersion))
        .Message(8, new ProtobufMessage().Text(1, OnnxOperator.ContribDomain).Int(2, ContribVersion))
        .Message(7, Graph())
        .ToArray();

    private ProtobufMessage Graph() => new ProtobufMessage()
        .Message(1, Node())
        .Text(2, "attention")
        .Messages(11, Inputs, ValueInfo)
        .Messages(12, Outputs, ValueInfo);

    private ProtobufMessage Node()
    {
        var node = new ProtobufMessage();
        foreach ((string name, _) in Inputs)
            node.Text(1, name);
        foreach ((string name, _) in Outputs)
            node.Text(2, name);
        return node
            .Text(4, Type)
            .Message(5, new ProtobufMessage().Text(1, "scale").Float(2, Scale).Int(20, FloatAttribute))
            .Messages(5, Numbers, each => new ProtobufMessage().Text(1, each.Name).Int(3, each.Value).Int(20, IntAttribute))
            .Text(7, Domain);
    }

    private static ProtobufMessage ValueInfo((string Name, OnnxTensor Tensor) value)
    {
        ProtobufMessage shape = new ProtobufMessage().Messages(1, value.Tensor.Shape, size => new ProtobufMessage().Int(1, size));
        ProtobufMessage tensor = new ProtobufMessage().Int(1, (int)value.Tensor.Type).Message(2, shape);
        return new ProtobufMessage().Text(1, value.Name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}

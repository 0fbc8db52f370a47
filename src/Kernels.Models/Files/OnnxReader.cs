using Google.Protobuf;

namespace Kernels.Models.Files;

/// <summary>
/// Reads the initializers and nodes of an ONNX file (onnx.proto, ModelProto and GraphProto), with Google.Protobuf's reader and without
/// generated code: a dozen fields are needed. Numbers are found in raw_data, or in float_data, whose packed form has the same bytes.
/// </summary>
internal static class OnnxReader
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or its tensors are damaged.</exception>
    public static WeightsContent Read(Stream stream)
    {
        // The limit of protobuf.
        if (stream.Length > int.MaxValue)
            throw new InvalidDataException("it is no .safetensors or GGUF file, and larger than the 2 GiB that an ONNX file may have");
        var graph = new OnnxGraph(stream.Length);
        using var input = new CodedInputStream(stream, leaveOpen: true);
        var model = new OnnxModel(graph);
        try
        {
            model.MergeFrom(input);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new InvalidDataException(
                model.HasGraph ? "it is damaged or cut off" : "it is not an ONNX, .safetensors or GGUF file, or damaged at its beginning");
        }
        if (!model.HasGraph)
            throw new InvalidDataException("it is not an ONNX file: it has no graph");
        return new("ONNX", graph.Tensors.ToDictionary(), graph.Nodes);
    }
}

/// <summary>ModelProto.</summary>
internal sealed class OnnxModel(OnnxGraph graph) : OnnxMessage
{
    private const int GraphField = 7;

    public bool HasGraph { get; private set; }

    protected override bool ReadField(CodedInputStream input, int field, WireFormat.WireType type)
    {
        if ((field, type) != (GraphField, WireFormat.WireType.LengthDelimited))
            return false;
        HasGraph = true;
        input.ReadMessage(graph);
        return true;
    }
}

/// <summary>GraphProto.</summary>
/// <param name="fileBytes">Length of the file.</param>
internal sealed class OnnxGraph(long fileBytes) : OnnxMessage
{
    private const int NodeField = 1, InitializerField = 5;

    // The largest models have some ten thousand nodes; a file of empty ones must not take many times its size of memory.
    private const int MostNodes = 1 << 17, MostNames = 1 << 19;

    private int names;

    public TensorList Tensors { get; } = new(fileBytes);

    public List<GraphNode> Nodes { get; } = [];

    protected override bool ReadField(CodedInputStream input, int field, WireFormat.WireType type)
    {
        if (type != WireFormat.WireType.LengthDelimited)
            return false;
        switch (field)
        {
            case NodeField:
                var node = new OnnxNode(MostNames - names);
                input.ReadMessage(node);
                names += node.Inputs.Count + node.Outputs.Count;
                if (Nodes.Count == MostNodes)
                    throw new InvalidDataException($"it has more than {MostNodes:N0} nodes");
                Nodes.Add(new(node.Operator, [.. node.Inputs], [.. node.Outputs]));
                return true;
            case InitializerField:
                var tensor = new OnnxTensor();
                input.ReadMessage(tensor);
                tensor.AddTo(Tensors);
                return true;
            default:
                return false;
        }
    }
}

/// <summary>NodeProto.</summary>
/// <param name="mostNames">Names that it may have.</param>
internal sealed class OnnxNode(int mostNames) : OnnxMessage
{
    private const int InputField = 1, OutputField = 2, OperatorField = 4;

    public string Operator { get; private set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    protected override bool ReadField(CodedInputStream input, int field, WireFormat.WireType type)
    {
        if (type != WireFormat.WireType.LengthDelimited || field is not (InputField or OutputField or OperatorField))
            return false;
        if (Inputs.Count + Outputs.Count >= mostNames)
            throw new InvalidDataException("its nodes have too many inputs and outputs");
        string text = input.ReadString();
        if (field == OperatorField)
            Operator = text;
        else
            (field == InputField ? Inputs : Outputs).Add(text);
        return true;
    }
}

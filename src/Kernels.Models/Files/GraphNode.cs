using System.Collections.Immutable;

namespace Kernels.Models.Files;

/// <summary>
/// A node of the graph of an ONNX file: which values an operator takes and makes, by their names. Its attributes are not read.
/// </summary>
/// <param name="Operator">Its <c>op_type</c>: <c>MatMul</c>, <c>Add</c>.</param>
/// <param name="Inputs">Names of its inputs, some of which are tensors of the file.</param>
/// <param name="Outputs">Names of its outputs.</param>
public sealed record GraphNode(string Operator, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);

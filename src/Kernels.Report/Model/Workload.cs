using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>Operation and formats of a kernel; on one problem, times of the same workload can be ranked.</summary>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Format">Formats of its operands in memory.</param>
/// <param name="Products">Format of the weights where they multiply v.</param>
public sealed record Workload(string Operation, string Format, string Products)
{
    private static readonly string float32 = Element.Float32.Text();

    /// <summary>Softmax attention in float32: the subject of the headline, with which all other workloads are compared.</summary>
    public static Workload Softmax { get; } = new(Operations.Softmax.Name, float32, float32);

    /// <summary>Whether operands and products are float32.</summary>
    public bool IsFloat32 => (Format, Products) == (float32, float32);

    /// <summary>Whether the multiply-add peak, which is of float32, bounds its products.</summary>
    public bool HasFloat32Products => Products == float32;

    /// <summary>The workload that its group is named after, see <see cref="OperationGroups"/>.</summary>
    public Workload Group => this with { Operation = OperationGroups.Of(Operation) };

    /// <summary>
    /// The workload it is compared with: the same operation in float32, or softmax attention where it is float32 itself. Null for the group
    /// of softmax attention.
    /// </summary>
    public Workload? Plain => !IsFloat32 ? new(Operation, float32, float32) : Group == Softmax ? null : Softmax;

    /// <summary>The formats in words, such as <c>bfloat16</c> or <c>bfloat16, bfloat16 products</c>.</summary>
    public string Formats => HasFloat32Products ? Format : $"{Format}, {Products} products";

    /// <summary>In words: <c>softmax-lse</c>, and the formats where they are not float32.</summary>
    public string Words => IsFloat32 ? Operation : $"{Operation}, {Formats}";

    /// <summary>The words joined for names of files.</summary>
    public string Slug => Words.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-');

    /// <summary>Its difference from softmax attention in float32, for names of sweeps and files; null when there is none.</summary>
    public string? Distinction => this == Softmax ? null : Slug;

    /// <summary>The operation, where this suite knows it.</summary>
    public Operation? KnownOperation => OperationGroups.Known(Operation);

    /// <summary>The formats of the operands, where this suite knows them.</summary>
    public Format? KnownFormat
    {
        get
        {
            string[] names = Format.Split('-');
            return Elements.Parse(names[0]) is { } input && Elements.Parse(names.Length == 1 ? float32 : names[^1]) is { } output
                ? new(input, output)
                : null;
        }
    }

    /// <summary>The workload of a kernel; of one that its run does not list, softmax attention in float32.</summary>
    public static Workload Of(KernelResult? kernel) =>
        kernel is null ? Softmax : new(kernel.Operation, kernel.Format, kernel.Products ?? float32);

    /// <summary>What differs from <paramref name="other"/>, in words; empty when nothing does.</summary>
    public string DifferenceFrom(Workload other) => string.Join(", ", new[]
    {
        Operation == other.Operation ? null : Operation, Formats == other.Formats ? null : Formats,
    }.OfType<string>());

    /// <summary>A kernel's name in a chart of this group, with its operation where neither group nor name contains it.</summary>
    public string Label(ReportCase shown) =>
        shown.Workload.Operation == Operation || shown.Result.Kernel.Contains(shown.Workload.Operation, StringComparison.Ordinal)
            ? shown.Result.Kernel
            : $"{shown.Result.Kernel} ({shown.Workload.Operation})";
}

using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>The kernels of this suite that a training runs on, one for each of <see cref="Needed"/>, in float32.</summary>
public sealed class TrainingKernels
{
    private readonly Dictionary<Operation, Kernel> kernels;

    /// <summary>Checks that there is a kernel of each operation.</summary>
    /// <exception cref="ArgumentException">One is missing, or one is there that is not needed.</exception>
    public TrainingKernels(IEnumerable<Kernel> kernels)
    {
        this.kernels = kernels.ToDictionary(kernel => kernel.Info.Operation);
        if (!this.kernels.Keys.ToHashSet().SetEquals(Needed))
        {
            throw new ArgumentException(
                $"A training needs kernels of {string.Join(", ", Needed)}, and has them of {string.Join(", ", this.kernels.Keys)}.", nameof(kernels));
        }
    }

    /// <summary>Attention with its log-sum-exps, projections, and the ways back.</summary>
    public static IReadOnlyList<Operation> Needed { get; } =
    [
        Operations.SoftmaxLse, Operations.SoftmaxBackward, Operations.Projection,
        Operations.ProjectionBackward, Operations.NormBackward, Operations.ReluFeedForwardBackward,
    ];

    /// <summary>All of them, in the order of <see cref="Needed"/>.</summary>
    public IEnumerable<Kernel> All => Needed.Select(operation => kernels[operation]);

    /// <summary>The kernel of an operation.</summary>
    public Kernel this[Operation operation] => kernels[operation];
}

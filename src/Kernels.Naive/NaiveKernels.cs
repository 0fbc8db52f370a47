using Kernels.Abstractions;

namespace Kernels.Naive;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class NaiveKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        new TripleLoop(),
        new ThreePass(),
        new ScalarOnlineSoftmax(),
        new ScalarOnlineLse(Operations.SoftmaxLse),
        new ScalarOnlineLse(Operations.SoftmaxStep),
        new ScalarAlibi(Operations.SoftmaxAlibi),
        new ScalarBackward(),
        new ScalarLinearEluBackward(),
        new ScalarRetentionBackward(Operations.RetentionBackward),
    ];
}

using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What the prefill kernels are interpreted on: awkward lengths, masks and inputs that an interpreter takes milliseconds for.</summary>
internal static class InterpretedCases
{
    public static TheoryData<string> Shapes =>
    [
        "b1-h1-q1-k1-d64",
        "b1-h1-q128-k128-d64",
        "b1-h1-q128-k128-d64-causal",
        "b2-h2-q65-k65-d64-causal",
        "b1-h4/2-q63-k127-d64-causal",
        "b1-h2-q127-k50-d64-causal",
        "b1-h1-q97-k64-d64-causal-topleft",
        "b1-h2/1-q100-k113-d64-window20",
        "b1-h1-q128-k128-d64-window31+0",
        "b1-h1-q128-k40-d64-window5+2",
        "b1-h1-q20-k300-d64",
        "b1-h2-q70@40-k60@10-d64-causal",
        "b1-h1-q40@-8-k50-d64-causal",
        "b1-h1-q33@100-k70@90-d64-window20",
        "b1-h1-q33@7-k70@90-d64-causal-topleft",
        "b1-h1-q20-k30@64-d64-causal",
        "b1-h1-q20@0-k30@64-d64-causal",
        "b1-h1-q1-k1-d128",
        "b1-h1-q128-k128-d128",
        "b2-h3-q70-k70-d128-causal",
        "b1-h4/1-q33-k95-d128-window16",
        "b1-h1-q40@2000000000-k90@1999999960-d128-window10+3",
    ];

    public static TheoryData<InputFamily> Families =>
    [
        InputFamily.Peaked,
        InputFamily.Resonance,
        InputFamily.Outliers,
        InputFamily.Cancelling,
        InputFamily.Constant,
        InputFamily.OneHot,
        InputFamily.Climbing,
    ];

    public static TheoryData<float> Scales => [-0.125f, 0, 1];

    /// <summary>Each case with each kernel.</summary>
    public static TheoryData<TKernel, T> OfKernels<TKernel, T>(TKernel[] kernels, TheoryData<T> cases)
    {
        var all = new TheoryData<TKernel, T>();
        foreach (TKernel kernel in kernels)
            foreach (TheoryDataRow<T> row in cases)
                all.Add(kernel, row.Data);
        return all;
    }
}

namespace Kernels.Bench.Report.Model;

/// <summary>What the families of kernels are to each other.</summary>
public static class Families
{
    /// <summary>Programs from outside, measured in the same run.</summary>
    public const string Peer = "peer";

    /// <summary>
    /// Families that visit every visible pair of query and key on the processor's threads. Sparse and linear kernels exist to do less than
    /// these, so they are measured against the best of them.
    /// </summary>
    private static readonly string[] Dense = ["naive", "simd", "flash"];

    /// <summary>The family of a kernel that no run lists: the first part of its name.</summary>
    public static string OfName(string kernel) => kernel.Split('-')[0];

    /// <summary>Whether a case is of dense softmax attention.</summary>
    public static bool IsDense(ReportCase shown) => shown.IsSoftmax && Dense.Contains(shown.Family);
}

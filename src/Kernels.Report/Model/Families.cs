namespace Kernels.Report.Model;

/// <summary>The families of kernels: a new family is a line here, and gets a colour and a marker in every chart.</summary>
public static class Families
{
    /// <summary>Outside programs, measured in the same run.</summary>
    public const string Peer = "peer";

    /// <summary>The families; the place of one chooses its marker, that of peers apart.</summary>
    /// <remarks>Okabe and Ito's colour-blind-safe set, darkened so that text in it is readable on white.</remarks>
    public static IReadOnlyList<Family> All { get; } =
    [
        new("naive", "#5a6270", "#b3bac7") { IsDense = true },
        new("simd", "#0067a3", "#62b5f0") { IsDense = true },
        new("flash", "#bf4a00", "#ff9a5c") { IsDense = true },
        new("sparse", "#00755a", "#45cfa2"),
        new("linear", "#a13c7c", "#e9a0cd"),
        new("gpu", "#7a5c00", "#eec750"),
        new(Peer, "#8c1d40", "#ff8fae"),
    ];

    /// <summary>The families of dense attention, in words.</summary>
    public static string DenseNames
    {
        get
        {
            string[] names = [.. All.Where(family => family.IsDense).Select(family => family.Name)];
            return $"{string.Join(", ", names[..^1])} or {names[^1]}";
        }
    }

    /// <summary>The family of a kernel that no run lists: the first part of its name.</summary>
    public static string OfName(string kernel) => kernel.Split('-')[0];

    /// <summary>Whether a family is of dense attention.</summary>
    public static bool IsDense(string family) => All.Any(known => known.Name == family && known.IsDense);

    /// <summary>Whether a case is of dense softmax attention in float32.</summary>
    public static bool IsDense(ReportCase shown) => shown.IsFloat32Softmax && IsDense(shown.Family);
}

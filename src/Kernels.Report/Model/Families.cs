namespace Kernels.Report.Model;

/// <summary>The families of kernels: a new family is a line here, and gets a colour and a marker in every chart.</summary>
public static class Families
{
    /// <summary>Outside programs, measured in the same run.</summary>
    public const string Peer = "peer";

    /// <summary>The families; the place of one chooses its marker, that of peers apart.</summary>
    /// <remarks>
    /// At least 4.5 : 1 on the background, so that text in them is readable, and at least 22 apart in CIE L*a*b*, also as people with
    /// protanopia, deuteranopia and tritanopia see them (simulated as in Machado, Oliveira and Fernandes 2009).
    /// </remarks>
    public static IReadOnlyList<Family> All { get; } =
    [
        new("naive", "#6a7383", "#86909c") { IsDense = true },
        new("simd", "#0a4488", "#70b0e8") { IsDense = true },
        new("flash", "#c05000", "#e87022") { IsDense = true },
        new("sparse", "#1f8257", "#5df0a0"),
        new("linear", "#8b2fd0", "#b060ff"),
        new("layers", "#6c00fc", "#b47854"),
        new("gpu", "#4a3300", "#ffe03c"),
        new(Peer, "#14161c", "#ffffff"),
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

namespace Kernels.Results;

/// <summary>Which processor it is beyond its name, which on virtual machines two generations may share. What is unknown is null.</summary>
public sealed record ProcessorModel
{
    /// <summary>Such as <c>AuthenticAMD</c>.</summary>
    public string? Vendor { get; init; }

    /// <summary>Family with its extension, as <c>/proc/cpuinfo</c> has it.</summary>
    public int? Family { get; init; }

    /// <summary>Model with its extension.</summary>
    public int? Model { get; init; }

    /// <summary>Stepping.</summary>
    public int? Stepping { get; init; }

    /// <summary>Revision of the microcode, such as <c>0xa101148</c>.</summary>
    public string? Microcode { get; init; }

    /// <summary>Name of the design that family and model stand for, such as <c>Zen 5</c>.</summary>
    public string? Microarchitecture { get; init; }

    /// <summary>Widest vectors that processor and system have, whatever a process may use.</summary>
    public VectorSet? Vectors { get; init; }

    /// <summary>Clock that the system reported when it was read, in MHz.</summary>
    public double? ClockMhz { get; init; }

    /// <summary>Such as <c>Zen 5 (AuthenticAMD family 26, model 2, stepping 1)</c>; empty when nothing is known.</summary>
    public override string ToString()
    {
        string numbers = string.Join(", ", new[] { Part("family", Family), Part("model", Model), Part("stepping", Stepping) }.OfType<string>());
        string inside = $"{Vendor} {numbers}".Trim();
        return Microarchitecture is null ? inside : inside == "" ? Microarchitecture : $"{Microarchitecture} ({inside})";
    }

    private static string? Part(string name, int? number) => number is { } known ? $"{name} {known}" : null;
}

/// <summary>Vectors of x64 processors, each with what precedes it.</summary>
public enum VectorSet
{
    /// <summary>128 bits.</summary>
    Sse,

    /// <summary>256 bits without multiply-adds.</summary>
    Avx,

    /// <summary>256 bits with multiply-adds.</summary>
    Avx2,

    /// <summary>512 bits.</summary>
    Avx512,
}

using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>A time is not that of the work; the message is a sentence for the report.</summary>
internal sealed class TimingException(TimingFault fault, string message) : Exception(message)
{
    /// <summary>The kernel whose time it is; null until somebody knows.</summary>
    public string? Kernel { get; set; }

    /// <summary>The kind.</summary>
    public TimingFault Fault => fault;
}

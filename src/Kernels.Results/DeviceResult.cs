namespace Kernels.Results;

/// <summary>A case by the clock of the device that it ran on: the launches alone, without the copies of the end-to-end time.</summary>
public sealed record DeviceResult
{
    /// <summary>Nanoseconds of a call's launches.</summary>
    public required Timing Timing { get; init; }

    /// <summary>10⁹ operations a second, counting the operations of visible pairs.</summary>
    public required double ExactGflops { get; init; }

    /// <summary>10⁹ operations a second as if every query saw every key.</summary>
    public required double DenseGflops { get; init; }

    /// <summary>10⁹ bytes a second, counting the necessary bytes within the device's memory.</summary>
    public required double GigabytesPerSecond { get; init; }

    /// <summary><see cref="ExactGflops"/> divided by the device's peak in the same arithmetic; null where that was not measured.</summary>
    public double? CeilingShare { get; init; }

    /// <summary>
    /// <see cref="GigabytesPerSecond"/> divided by the rate of a copy within the device; null where that was not measured.
    /// </summary>
    public double? BandwidthShare { get; init; }
}

namespace Kernels.Bench.Measurement;

/// <summary>Times the calls of one case: in this process, or in that of a peer.</summary>
internal interface ICaseTimer
{
    /// <summary>Managed bytes that a call allocated; null where they cannot be known.</summary>
    double? AllocatedBytesPerCall { get; }

    /// <summary>
    /// Seconds of a call. The first call touches the pages of output and scratch; a second one tells the time better, and fast kernels
    /// get a few more, so that code which the runtime recompiles after some calls is final before samples are planned.
    /// </summary>
    double Probe();

    /// <summary>Nanoseconds of a call in each sample, in the order of measurement. The output then holds what the last sample wrote.</summary>
    double[] NanosecondsPerCall(SamplePlan plan);
}

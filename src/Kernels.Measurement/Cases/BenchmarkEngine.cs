using System.Runtime.ExceptionServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Kernels.Results;
using Perfolizer.Mathematics.OutlierDetection;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Takes samples with BenchmarkDotNet, in this process: those of one case for <c>run</c>, those of two kernels in turn for
/// <c>compare</c>. The output of BenchmarkDotNet goes to a log file, and its artifacts to a temporary folder.
/// </summary>
public sealed class BenchmarkEngine : IDisposable
{
    // An iteration loops over its calls itself, so emitted loops would gain nothing, and their assemblies would stay in the process. The
    // toolchain's own timeout is disabled, because it would leave its thread running; CaseLimits limits the time.
    private static readonly IToolchain toolchain = new InProcessNoEmitToolchain(timeout: TimeSpan.FromDays(20), logOutput: false);

    private readonly TemporaryFolder artifacts = new();
    private readonly StreamLogger? log;

    /// <summary>Opens the log, if any.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public BenchmarkEngine(string? logFile = null) =>
        log = logFile is null ? null : new StreamLogger(new StreamWriter(logFile, append: true));

    /// <summary>Nanoseconds of a call in each sample, in the order given.</summary>
    /// <param name="samples">The samples to take; the first <paramref name="warmups"/> are not returned.</param>
    /// <param name="warmups">Fewer than there are samples.</param>
    /// <param name="stop">Cancels between two samples.</param>
    /// <exception cref="InvalidOperationException">BenchmarkDotNet ran nothing. Exceptions of samples are rethrown.</exception>
    internal double[] NanosecondsPerCall(IReadOnlyList<Sample> samples, int warmups, CancellationToken stop)
    {
        var sequence = new SampleSequence(samples, stop);
        Summary summary = BenchmarkRunner.Run(BenchmarkCases.Of(
            typeof(SampleBenchmark), Config(samples.Count - warmups, warmups), [[(nameof(SampleBenchmark.Samples), sequence)]]));
        if (sequence.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        if (summary.HasCriticalValidationErrors)
            throw new InvalidOperationException(string.Join(' ', summary.ValidationErrors.Select(error => error.Message)));
        if (summary.Reports is not [{ Success: true } report])
            throw new InvalidOperationException("BenchmarkDotNet measured nothing; its log says why.");
        return
        [
            .. report.AllMeasurements
                .Where(sample => sample.IterationMode == IterationMode.Workload && sample.IterationStage == IterationStage.Actual)
                .Select((sample, i) => sequence.NsPerCall(warmups + i, sample.Nanoseconds)),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            log?.Dispose();
        }
        catch (IOException)
        {
            // On a full disk the results have failed with a message already; the log adds none.
        }
        artifacts.Dispose();
    }

    private ManualConfig Config(int samples, int warmups)
    {
        Job job = Job.Default
            .WithToolchain(toolchain)
            // Monitoring has no pilot and jitting stages: the sample plan is fixed, and the code is compiled.
            .WithStrategy(RunStrategy.Monitoring)
            .WithInvocationCount(1)
            .WithUnrollFactor(1)
            .WithWarmupCount(warmups)
            .WithIterationCount(samples)
            .WithGcForce(false)
            .WithOutlierMode(OutlierMode.DontRemove);
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(log ?? NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(artifacts.Path)
            // Tests use debug builds; run and compare print a warning of their own.
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator);
    }
}

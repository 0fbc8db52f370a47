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
/// <c>compare</c>. What BenchmarkDotNet prints goes to a log file, and the folder it insists on is a temporary one.
/// </summary>
public sealed class BenchmarkEngine : IDisposable
{
    // An iteration makes its calls itself, so nothing is gained from emitted loops, whose assemblies stay in the process. By itself
    // the toolchain gives up after five minutes, and leaves its thread at work; how long a case may take is decided elsewhere.
    private static readonly IToolchain toolchain = new InProcessNoEmitToolchain(timeout: TimeSpan.FromDays(20), logOutput: false);

    private readonly TemporaryFolder artifacts = new();
    private readonly StreamLogger? log;

    /// <summary>Opens the log, where one is wanted.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public BenchmarkEngine(string? logFile = null) =>
        log = logFile is null ? null : new StreamLogger(new StreamWriter(logFile, append: true));

    /// <summary>Nanoseconds of a call in each sample, in the order given.</summary>
    /// <param name="samples">What to sample; the first <paramref name="warmups"/> of them are taken and not returned.</param>
    /// <param name="warmups">Fewer than there are samples.</param>
    /// <param name="stop">Ends it between two samples.</param>
    /// <exception cref="InvalidOperationException">BenchmarkDotNet did not run it. What a sample throws is thrown as it is.</exception>
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
            // A full disk has already ended the run with its own message; the rest of the log is not worth another.
        }
        artifacts.Dispose();
    }

    private ManualConfig Config(int samples, int warmups)
    {
        Job job = Job.Default
            .WithToolchain(toolchain)
            // Monitoring is the strategy without pilot and jitting stages: the plan is made, and the code is compiled.
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
            // A debug build is allowed, for tests; runs say it themselves.
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator);
    }
}

using System.Runtime.ExceptionServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Mathematics.OutlierDetection;

namespace Kernels.Bench.Measurement;

/// <summary>
/// Times a case with BenchmarkDotNet, in this process. What BenchmarkDotNet prints goes to a log file, and the folder it insists on is a
/// temporary one.
/// </summary>
public sealed class BenchmarkEngine : IDisposable
{
    private readonly TemporaryFolder artifacts = new();
    private readonly StreamLogger log;

    /// <summary>Opens the log.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public BenchmarkEngine(string logFile) => log = new StreamLogger(new StreamWriter(logFile, append: true));

    /// <summary>Nanoseconds of a call in each sample, in the order of measurement.</summary>
    /// <exception cref="InvalidOperationException">BenchmarkDotNet did not run it. What the kernel throws is thrown as it is.</exception>
    public double[] NanosecondsPerCall(TimedCase timed, SamplePlan plan)
    {
        KernelBenchmark.Current = timed;
        try
        {
            Summary summary = BenchmarkRunner.Run(typeof(KernelBenchmark), Config(plan));
            // The errors of a report stay empty when a benchmark throws.
            if (timed.Failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            if (summary.HasCriticalValidationErrors)
                throw new InvalidOperationException(string.Join(' ', summary.ValidationErrors.Select(error => error.Message)));
            if (summary.Reports is not [{ Success: true } report])
                throw new InvalidOperationException("BenchmarkDotNet measured nothing; its log says why.");
            return
            [
                .. report.AllMeasurements
                    .Where(sample => sample.IterationMode == IterationMode.Workload && sample.IterationStage == IterationStage.Actual)
                    .Select(sample => sample.Nanoseconds / sample.Operations),
            ];
        }
        finally
        {
            KernelBenchmark.Current = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            log.Dispose();
        }
        catch (IOException)
        {
            // A full disk has already ended the run with its own message; the rest of the log is not worth another.
        }
        artifacts.Dispose();
    }

    private ManualConfig Config(SamplePlan plan)
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.DontLogOutput)
            // Monitoring is the strategy without pilot and jitting stages: the plan is made, and the code is compiled.
            .WithStrategy(RunStrategy.Monitoring)
            .WithInvocationCount(plan.CallsPerSample)
            .WithUnrollFactor(1)
            .WithWarmupCount(plan.Warmups)
            .WithIterationCount(plan.Samples)
            .WithGcForce(false)
            .WithOutlierMode(OutlierMode.DontRemove);
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(log)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(artifacts.Path)
            // A debug build is allowed, for tests; runs say it themselves.
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator);
    }
}

using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Ceiling;
using Kernels.Measurement.Disassembly;
using Kernels.Measurement.WrongTimings;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Runs;

/// <summary>
/// A run: ceilings, gate, cases, ceilings again. Each result is written to disk as soon as it is known, and results that are on disk
/// already are not computed again.
/// </summary>
public sealed class MeasurementRun
{
    private readonly RunStore store;
    private readonly RunRequest request;
    private readonly IRunProgress progress;
    private readonly References references;
    private readonly KernelDisassembly disassembly;

    /// <summary>Prepares a run that writes into <paramref name="store"/>, with machine code where requested.</summary>
    public MeasurementRun(RunStore store, RunRequest request, IRunProgress progress, References references, KernelDisassembly disassembly)
    {
        this.references = references;
        this.disassembly = disassembly;
        this.store = store;
        this.request = request;
        this.progress = progress;
    }

    private IEnumerable<Kernel> KernelsToJudge =>
        request.Plan.Select(planned => planned.Kernel).Distinct().Where(kernel => kernel.Unavailable is null && VerdictOn(kernel) is null);

    private IEnumerable<Kernel> KernelsToDisassemble => !request.Disassembly
        ? []
        : request.Plan.Select(planned => planned.Kernel).Distinct()
            .Where(kernel => store.Header.Results.Kernel(kernel.Info.Name) is { Available: true, Disassembly: null });

    private IEnumerable<PlannedCase> CasesToMeasure => request.Plan.Where(planned => !store.Has(planned.Key));

    /// <summary>Whether the run has ended with everything done, so that nothing of it changes any more.</summary>
    public bool IsComplete => HasEnded(store.Header.Results) && !KernelsToJudge.Any() && !CasesToMeasure.Any() && !KernelsToDisassemble.Any();

    /// <summary>Executes the run, and writes <c>results.json</c> even when it is stopped.</summary>
    /// <exception cref="IOException">The results cannot be written; earlier files are kept.</exception>
    public RunResults Execute(CancellationToken stop)
    {
        if (IsComplete)
            return store.WriteResults();
        var limits = new CaseLimits(request.CaseTime, request.CaseLimit, request.Budget, TimeSpan.FromSeconds(RunSteps.CeilingsAgain));
        progress.Expect(
            RunSteps.Fixed(request, store.Header.Results) + RunSteps.Case * CasesToMeasure.Count() + RunSteps.Disassembly * KernelsToDisassemble.Count());
        bool interrupted = false;
        try
        {
            MeasureCeilings(stop);
            JudgeKernels(limits, stop);
            MeasureDevices(stop);
            MeasureCases(limits, stop);
            MeasureCeilingsAgain();
            WriteDisassembly(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            interrupted = true;
        }
        foreach (Kernel kernel in request.Plan.Select(planned => planned.Kernel).Distinct().Where(kernel => kernel.Backend?.ThreadsBusy.Count > 0))
            UpdateKernel(kernel, each => each with { ThreadsBusy = kernel.Backend!.ThreadsBusy });
        RunResults results = store.Header.Results;
        Update(results with { Run = results.Run with { Ended = DateTimeOffset.UtcNow, Interrupted = interrupted } });
        return store.WriteResults();
    }

    private static bool HasEnded(RunResults results) => results.Run is { Ended: not null, Interrupted: false }
        && results is { Ceilings.AreComplete: true, Validator: not null, WrongTimings: not null };

    private void MeasureCeilings(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (store.Header.Results.Ceilings is not null)
            return;
        progress.Begin("ceilings");
        MachineInfo machine = store.Header.Results.Machine;
        int[] threads = [.. request.Plan.Select(planned => planned.Threads).Append(1).Append(machine.Cores).Distinct().Order()];
        Update(store.Header.Results with { Ceilings = CeilingMeasurement.Measure(threads, machine.CacheBytes, machine.MemoryBytes) });
        progress.End(RunSteps.Ceilings);
    }

    private void JudgeKernels(CaseLimits limits, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (limits.BudgetLeft is { } left)
            end.CancelAfter(TimeSpan.FromSeconds(Math.Clamp(left.TotalSeconds, 0, 1e6)));
        try
        {
            JudgeKernels(end.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            progress.Note("The run's budget is spent before all kernels were judged; the others are not measured.");
        }
    }

    private void JudgeKernels(CancellationToken stop)
    {
        using var cache = new ReferenceCache(references);
        // In this process, so that the kernels that are wrong on purpose share the references.
        var options = new GateOptions { Cases = GateCases.With(references, GateDepth.Quick), Cache = cache };
        foreach (Kernel kernel in KernelsToJudge.ToArray())
        {
            stop.ThrowIfCancellationRequested();
            progress.Begin($"gate: {kernel.Info.Name}");
            GateResult verdict = GateRun.Validate(kernel, options, new StopBetweenCases(stop));
            UpdateKernel(kernel, each => each with { Gate = verdict });
            progress.End(RunSteps.Gate);
            if (verdict.Failure is { } failure)
                progress.Note($"rejected: {failure}");
        }
        if (store.Header.Results.Validator is null)
        {
            stop.ThrowIfCancellationRequested();
            const string Stage = "gate: kernels that are wrong on purpose";
            progress.Begin(Stage);
            ValidatorScore score = WrongKernelSet.Score(cache, new StopBetweenCases(stop, new GateStage(progress, Stage)), request.Afresh);
            Update(store.Header.Results with { Validator = score });
            if (score.Kept is not null)
                progress.Begin($"{Stage}, verdicts kept from this build");
            progress.End(RunSteps.WrongKernels);
        }
        if (store.Header.Results.WrongTimings is not null)
            return;
        stop.ThrowIfCancellationRequested();
        progress.Begin("measurement: timings that are wrong on purpose");
        Update(store.Header.Results with { WrongTimings = WrongTimingSet.Score(stop) });
        progress.End(RunSteps.WrongTimings);
    }

    private void MeasureDevices(CancellationToken stop)
    {
        foreach (Kernel kernel in request.Plan.Select(planned => planned.Kernel).Distinct().Where(kernel =>
            kernel is { Unavailable: null, Backend.IsEmulated: false } && VerdictOn(kernel) is { Failed: 0 } && PeaksOf(kernel) is null).ToArray())
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                if (kernel.Backend!.MeasurePeaks() is { } peaks)
                    UpdateKernel(kernel, each => each with { DevicePeaks = peaks });
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                progress.Note($"no peak of {kernel.Backend!.Name}: {failure.Message}");
            }
        }
    }

    private void MeasureCases(CaseLimits limits, CancellationToken stop)
    {
        using var engine = new BenchmarkEngine(Path.Combine(store.Folder, "benchmark.log"));
        using var measurement = new CaseMeasurement(engine, limits, references, request.Cold, request.Inputs);
        foreach (PlannedCase planned in CasesToMeasure.ToArray())
        {
            stop.ThrowIfCancellationRequested();
            progress.Begin(planned.ToString());
            CaseResult result = planned.Kernel.Backend is { Failure: { } broken } ? planned.Result(CaseStatus.Failed, broken)
                : VerdictOn(planned.Kernel) is { Failure: { } failure } verdict ? verdict.Threw
                    ? planned.Result(CaseStatus.Failed, $"the kernel failed in the gate: {failure}")
                    : planned.Result(CaseStatus.Wrong, $"the gate rejected the kernel: {failure}")
                : planned.Kernel.Unavailable is null && VerdictOn(planned.Kernel) is null
                    ? planned.Result(CaseStatus.Skipped, "the run's budget was spent before the gate had judged the kernel")
                : measurement.Measure(planned, stop);
            store.Save(result);
            progress.End(RunSteps.Case, store.Shown(result));
        }
    }

    private void MeasureCeilingsAgain()
    {
        if (store.Header.Results.Ceilings is not { AreComplete: false } ceilings)
            return;
        progress.Begin("ceilings again");
        Update(store.Header.Results with { Ceilings = CeilingMeasurement.MeasureAgain(ceilings) });
        progress.End(RunSteps.CeilingsAgain);
    }

    private void WriteDisassembly(CancellationToken stop)
    {
        foreach (Kernel kernel in KernelsToDisassemble.ToArray())
        {
            stop.ThrowIfCancellationRequested();
            progress.Begin($"machine code: {kernel.Info.Name}");
            DisassemblyResult written = disassembly.Write(
                kernel, ProblemsToDisassemble(kernel), store.Header.Results.Machine, store.Folder, stop);
            UpdateKernel(kernel, each => each with { Disassembly = written });
            progress.End(RunSteps.Disassembly);
            if (written.Reason is { } reason)
                progress.Note($"no machine code of {kernel.Info.Name}: {reason}");
        }
    }

    /// <summary>The measured problems of a kernel that are quick, or else the quickest one.</summary>
    private string[] ProblemsToDisassemble(Kernel kernel)
    {
        const double QuickNs = 0.2e9;
        CaseResult[] measured = [
            .. store.Assemble().Cases.Where(each => each.Kernel == kernel.Info.Name && each.Timing is not null).OrderBy(each => each.Timing!.MedianNs)];
        return [.. measured.TakeWhile((each, i) => i == 0 || each.Timing!.MedianNs < QuickNs).Select(each => each.Problem).Distinct()];
    }

    private GateResult? VerdictOn(Kernel kernel) => store.Header.Results.Kernel(kernel.Info.Name)?.Gate;

    private DevicePeaks? PeaksOf(Kernel kernel) => store.Header.Results.Kernel(kernel.Info.Name)?.DevicePeaks;

    private void Update(RunResults results) => store.Update(store.Header with { Results = results });

    private void UpdateKernel(Kernel kernel, Func<KernelResult, KernelResult> change) => Update(store.Header.Results with
    {
        Kernels = [.. store.Header.Results.Kernels.Select(each => each.Name == kernel.Info.Name ? change(each) : each)],
    });
}

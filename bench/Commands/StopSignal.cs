using System.Runtime.InteropServices;

namespace Kernels.Bench.Commands;

/// <summary>Ctrl-C, a request to end, or a terminal that was closed: the first asks the work to stop, the second ends the process at once.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Registers for the signals; <paramref name="onStop"/> runs at the first.</summary>
    public StopSignal(Action onStop)
    {
        void Handle(PosixSignalContext context)
        {
            if (source.IsCancellationRequested)
                return;
            context.Cancel = true;
            if (context.Signal == PosixSignal.SIGHUP)
                PatientWriter.Forgive();
            source.Cancel();
            onStop();
        }
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Unregisters.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
            registration.Dispose();
        source.Dispose();
    }
}

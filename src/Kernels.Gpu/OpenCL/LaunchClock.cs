namespace Kernels.Gpu.OpenCL;

/// <summary>
/// The time of launches by the device's own clock: from the start of the first command to the end of the last, with the gaps between the
/// kernels of a call and without the time of the host.
/// </summary>
internal sealed unsafe class LaunchClock(OpenClLibrary library) : IDisposable
{
    private const uint CommandStart = 0x1282, CommandEnd = 0x1283;

    private readonly List<OpenClHandle> commands = [];

    /// <summary>Whether launches pass their events to <see cref="Add"/>.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Starts counting launches.</summary>
    public void Start() => IsRunning = true;

    /// <summary>Takes the event of a launch.</summary>
    public void Add(nint command) => commands.Add(new OpenClHandle(library, command, library.ReleaseEvent));

    /// <summary>Nanoseconds of the launches since <see cref="Start"/>, which must be complete.</summary>
    /// <exception cref="OpenClException">The driver reports no times.</exception>
    public double Stop()
    {
        try
        {
            return commands.Count == 0 ? 0 : Time(commands[^1], CommandEnd) - (double)Time(commands[0], CommandStart);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Discards the launches since <see cref="Start"/>.</summary>
    public void Reset()
    {
        IsRunning = false;
        Dispose();
    }

    public void Dispose()
    {
        foreach (OpenClHandle command in commands)
            command.Dispose();
        commands.Clear();
    }

    private ulong Time(OpenClHandle command, uint moment)
    {
        ulong nanoseconds;
        OpenClException.ThrowIfFailed(
            library.GetEventProfilingInfo(command.Value, moment, sizeof(ulong), &nanoseconds, null), "clGetEventProfilingInfo");
        return nanoseconds;
    }
}

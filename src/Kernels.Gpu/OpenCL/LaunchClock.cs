namespace Kernels.Gpu.OpenCL;

/// <summary>
/// The time of launches by the device's own clock: from the start of the first command to the end of the last, so that gaps between the
/// kernels of a call count and what the host does around them does not.
/// </summary>
internal sealed unsafe class LaunchClock(OpenClLibrary library) : IDisposable
{
    private const uint CommandStart = 0x1282, CommandEnd = 0x1283;

    private readonly List<OpenClHandle> commands = [];

    /// <summary>Whether launches hand over their events.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Counts the launches from now on.</summary>
    public void Start() => IsRunning = true;

    /// <summary>Takes the event of a launch.</summary>
    public void Add(nint command) => commands.Add(new OpenClHandle(library, command, library.ReleaseEvent));

    /// <summary>Nanoseconds of the launches since <see cref="Start"/>, which must be done.</summary>
    /// <exception cref="OpenClException">The driver gives no times.</exception>
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

    /// <summary>Forgets the launches since <see cref="Start"/>.</summary>
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

using System.Text;

namespace Kernels.Gpu.OpenCL;

/// <summary>An OpenCL C source of this project, built for the device of a session.</summary>
internal sealed unsafe class DeviceProgram : IDisposable
{
    private const uint BuildLog = 0x1183;

    private readonly OpenClSession session;
    private readonly OpenClHandle handle;

    /// <param name="session">The session, which releases the program.</param>
    /// <param name="fileName">Name of the embedded .cl file.</param>
    /// <param name="definitions">Macros, such as <c>-DTILE=16</c>.</param>
    /// <exception cref="OpenClException">The build failed; the message contains the compiler's log.</exception>
    public DeviceProgram(OpenClSession session, string fileName, string definitions)
    {
        this.session = session;
        OpenClLibrary library = session.Library;
        byte[] source = Source(fileName);
        int code;
        fixed (byte* text = source)
        {
            byte* line = text;
            nuint length = (nuint)source.Length;
            nint created = library.CreateProgramWithSource(session.Context, 1, &line, &length, &code);
            OpenClException.ThrowIfFailed(code, "clCreateProgramWithSource");
            handle = new OpenClHandle(library, created, library.ReleaseProgram);
        }
        nint device = session.Device.Id;
        // No relaxed arithmetic, because results rely on infinities, NaN and the specified accuracy of exp.
        fixed (byte* options = Encoding.UTF8.GetBytes($"-cl-std=CL1.2 {definitions}\0"))
            code = library.BuildProgram(handle.Value, 1, &device, options, 0, 0);
        if (code != OpenClError.Success)
        {
            string log = Log();
            handle.Dispose();
            throw new OpenClException("clBuildProgram", code, $"{fileName} {definitions}\n{log}");
        }
        session.Own(this);
    }

    /// <summary>One of its kernels, which the session releases.</summary>
    public DeviceFunction Function(string name)
    {
        int code;
        nint created;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            created = session.Library.CreateKernel(handle.Value, text, &code);
        if (code != OpenClError.Success)
            throw new OpenClException("clCreateKernel", code, name);
        return new DeviceFunction(session, new OpenClHandle(session.Library, created, session.Library.ReleaseKernel), name);
    }

    public void Dispose() => handle.Dispose();

    private static byte[] Source(string fileName)
    {
        using Stream stream = typeof(DeviceProgram).Assembly.GetManifestResourceStream(fileName)
            ?? throw new FileNotFoundException($"The assembly has no embedded file {fileName}.");
        byte[] source = new byte[stream.Length];
        stream.ReadExactly(source);
        return source;
    }

    private string Log()
    {
        nuint length;
        if (session.Library.GetProgramBuildInfo(handle.Value, session.Device.Id, BuildLog, 0, null, &length) != OpenClError.Success)
            return "The driver gave no build log.";
        byte[] text = new byte[length];
        fixed (byte* bytes = text)
            session.Library.GetProgramBuildInfo(handle.Value, session.Device.Id, BuildLog, length, bytes, null);
        return Encoding.UTF8.GetString(text).TrimEnd('\0', '\n');
    }
}

namespace Kernels.Gpu.OpenCL;

/// <summary>A kernel of a built program. <c>function.With(a).With(b).Launch(…)</c> passes arguments in order.</summary>
internal sealed unsafe class DeviceFunction : IDisposable
{
    private readonly OpenClSession session;
    private readonly OpenClHandle handle;
    private readonly string name;

    public DeviceFunction(OpenClSession session, OpenClHandle handle, string name)
    {
        (this.session, this.handle, this.name) = (session, handle, name);
        session.Own(this);
    }

    /// <summary>Begins a call with its first argument.</summary>
    public Call With(DeviceBuffer buffer) => new Call(this, 0).With(buffer);

    public void Dispose() => handle.Dispose();

    private void SetArgument(uint index, nuint size, void* value)
    {
        int code = session.Library.SetKernelArg(handle.Value, index, size, value);
        if (code != OpenClError.Success)
            throw new OpenClException("clSetKernelArg", code, $"{name}, argument {index}");
    }

    private void Launch((long X, long Y, long Z) groups, (int X, int Y) items)
    {
        nuint* local = stackalloc nuint[] { (nuint)items.X, (nuint)items.Y, 1 };
        nuint* global = stackalloc nuint[] { (nuint)(groups.X * items.X), (nuint)(groups.Y * items.Y), (nuint)groups.Z };
        nint done = 0;
        int code = session.Library.EnqueueNdRangeKernel(
            session.Queue, handle.Value, 3, null, global, local, 0, null, session.Clock.IsRunning ? &done : null);
        if (code != OpenClError.Success)
            throw new OpenClException("clEnqueueNDRangeKernel", code, $"{name}, {groups} work-groups of {items} items");
        if (session.Clock.IsRunning)
            session.Clock.Add(done);
    }

    /// <summary>A call whose first arguments are set.</summary>
    public readonly ref struct Call(DeviceFunction function, uint next)
    {
        public Call With(DeviceBuffer buffer)
        {
            nint value = buffer.Value;
            function.SetArgument(next, (nuint)sizeof(nint), &value);
            return new(function, next + 1);
        }

        public Call With(int value)
        {
            function.SetArgument(next, sizeof(int), &value);
            return new(function, next + 1);
        }

        public Call With(float value)
        {
            function.SetArgument(next, sizeof(float), &value);
            return new(function, next + 1);
        }

        /// <summary>Enqueues the kernel.</summary>
        /// <param name="groups">Work-groups in each dimension.</param>
        /// <param name="items">Work-items of a group.</param>
        public void Launch((long X, long Y, long Z) groups, (int X, int Y) items) => function.Launch(groups, items);
    }
}

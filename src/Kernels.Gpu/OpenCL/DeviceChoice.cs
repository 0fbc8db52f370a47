namespace Kernels.Gpu.OpenCL;

/// <summary>Which of a machine's OpenCL devices the kernels run on: a GPU before anything else, unless the user names one.</summary>
internal static class DeviceChoice
{
    /// <summary>Environment variable: <c>gpu</c>, <c>cpu</c>, or part of a device's or platform's name.</summary>
    public const string Variable = "KERNELS_OPENCL_DEVICE";

    private const ulong AllTypes = 0xFFFFFFFF;

    /// <exception cref="OpenClUnavailableException">There is no device, or none that the wish fits.</exception>
    public static OpenClDevice Choose(OpenClLibrary library, string? wish)
    {
        List<OpenClDevice> devices = All(library);
        if (devices.Count == 0)
            throw new OpenClUnavailableException($"no OpenCL device: no driver is installed ({OpenClLibrary.PlatformLibrary.Remedy})");
        return devices.Where(device => Fits(device, wish)).OrderByDescending(device => device.IsGpu).FirstOrDefault()
            ?? throw new OpenClUnavailableException(
                $"no OpenCL device fits {Variable}={wish}; there is "
                + string.Join(", ", devices.Select(device => $"{device} {device.Name}")));
    }

    private static bool Fits(OpenClDevice device, string? wish) => wish?.ToLowerInvariant() switch
    {
        null or "" => true,
        "gpu" => device.IsGpu,
        "cpu" => device.IsCpu,
        _ => device.Name.Contains(wish, StringComparison.OrdinalIgnoreCase)
            || device.ToString().Contains(wish, StringComparison.OrdinalIgnoreCase)
            || device.PlatformName.Contains(wish, StringComparison.OrdinalIgnoreCase),
    };

    private static unsafe List<OpenClDevice> All(OpenClLibrary library)
    {
        uint count = 0;
        int code = library.GetPlatformIds(0, null, &count);
        if (code == OpenClError.PlatformNotFound)
            return [];
        OpenClException.ThrowIfFailed(code, "clGetPlatformIDs");
        if (count == 0)
            return [];
        nint[] platforms = new nint[count];
        fixed (nint* ids = platforms)
            OpenClException.ThrowIfFailed(library.GetPlatformIds(count, ids, null), "clGetPlatformIDs");
        return [.. platforms.SelectMany(platform => OfPlatform(library, platform))];
    }

    private static unsafe List<OpenClDevice> OfPlatform(OpenClLibrary library, nint platform)
    {
        uint count = 0;
        int code = library.GetDeviceIds(platform, AllTypes, 0, null, &count);
        if (code == OpenClError.DeviceNotFound)
            return [];
        OpenClException.ThrowIfFailed(code, "clGetDeviceIDs");
        if (count == 0)
            return [];
        nint[] devices = new nint[count];
        fixed (nint* ids = devices)
            OpenClException.ThrowIfFailed(library.GetDeviceIds(platform, AllTypes, count, ids, null), "clGetDeviceIDs");
        return [.. devices.Select(device => OpenClDevice.Read(library, platform, device))];
    }
}

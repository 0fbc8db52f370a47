using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>Chooses the OpenCL device: a GPU before other devices, unless the user requests another.</summary>
internal static class DeviceChoice
{
    private const ulong AllTypes = 0xFFFFFFFF;

    /// <exception cref="OpenClUnavailableException">There is no device, or none matches the request.</exception>
    public static OpenClDevice Choose(OpenClLibrary library, DeviceWish? wish)
    {
        List<OpenClDevice> devices = All(library);
        if (devices.Count == 0)
            throw new OpenClUnavailableException($"no OpenCL device: no driver is installed ({OpenClLibrary.PlatformLibrary.Remedy})");
        return devices
            .Where(device => wish is null || wish.Fits(DeviceWish.OpenCl, device.Kind, device.Name, device.ToString(), device.PlatformName))
            .OrderByDescending(device => (!device.IsEmulated, device.Kind == DeviceKind.Gpu)).FirstOrDefault()
            ?? throw new OpenClUnavailableException(
                $"no OpenCL device fits {wish}; there is {string.Join(", ", devices.Select(device => $"{device} {device.Name}"))}");
    }

    /// <summary>Every device of every platform.</summary>
    /// <exception cref="OpenClException">The driver failed.</exception>
    public static unsafe List<OpenClDevice> All(OpenClLibrary library)
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

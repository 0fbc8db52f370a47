namespace Kernels.Tests.CommandLine;

/// <summary>A folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("kernels-").FullName;

    public string this[string file] => Path.Combine(path, file);

    public IEnumerable<string> Files => Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order();

    public void Dispose() => Directory.Delete(path, recursive: true);
}

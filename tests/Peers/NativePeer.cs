using System.Text.Json;
using Kernels.Peers;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Peers;

/// <summary>The program of bench/peers/native, spoken to line by line.</summary>
internal sealed class NativePeer : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    private readonly PeerProcess process;

    /// <param name="library">Its argument.</param>
    /// <param name="folder">Where the program is; that of its build when null.</param>
    public NativePeer(string library, string? folder = null) =>
        process = PeerProcess.Start(["dotnet", Path.Combine(folder ?? Folder, "native.dll"), library], Path.GetTempPath());

    /// <summary>The folder of its build. Skips the test where it has not been built.</summary>
    public static string Folder
    {
        get
        {
            string folder = Path.Combine(Repository.Root, "bench", "peers", "native", "bin", "Release", "net10.0");
            Assert.SkipUnless(
                File.Exists(Path.Combine(folder, "native.dll")),
                "native.dll has not been built; to build it: dotnet build -c Release bench/peers/native");
            return folder;
        }
    }

    /// <summary>One request and its answer.</summary>
    public JsonElement Ask(object request)
    {
        string line = request as string ?? JsonSerializer.Serialize(request, JsonSerializerOptions.Web);
        return JsonSerializer.Deserialize<JsonElement>(process.Ask(line, patience, TestContext.Current.CancellationToken));
    }

    /// <summary>The same where the answer is to have one text.</summary>
    public string Text(string field, object request)
    {
        JsonElement answer = Ask(request);
        Assert.True(answer.TryGetProperty(field, out JsonElement text), answer.GetRawText());
        return text.GetString()!;
    }

    public void Dispose() => process.Dispose();
}

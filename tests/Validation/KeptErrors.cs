using System.Collections.Concurrent;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Tests.Validation;

/// <summary>
/// Errors of plain float32 in a file, which the first run of the tests writes and those with narrower vectors read: most of the time of a reference goes
/// into them, and they do not depend on vectors, which <see cref="KeptErrorsTests"/> shows. Gold, which they are errors from, is computed in each run.
/// </summary>
internal sealed class KeptErrors : IKeptErrors
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<PlainErrors>> known;

    private KeptErrors(ConcurrentDictionary<string, IReadOnlyList<PlainErrors>> known) => this.known = known;

    // Errors of another build are errors of another file.
    private static string Identity => BuildIdentity.Of(typeof(Kernel).Module, typeof(OperationReference).Module, typeof(Gate).Module);

    /// <summary>Whether an operation's errors are the same with any vectors: without them, exponentials of features are rounded otherwise.</summary>
    public static bool Keeps(Operation operation) => operation is not FavorAttention;

    /// <summary>None yet.</summary>
    public static KeptErrors Empty() => new([]);

    /// <summary>Reads a file; null where it is of another build.</summary>
    public static KeptErrors? Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadString() != Identity)
            return null;
        var known = new ConcurrentDictionary<string, IReadOnlyList<PlainErrors>>();
        for (int left = reader.ReadInt32(); left > 0; left--)
            known[reader.ReadString()] =
                Many(reader, () => new PlainErrors(Many(reader, reader.ReadDouble), reader.ReadDouble(), Many(reader, reader.ReadBoolean)));
        return new(known);
    }

    /// <summary>Writes what was added.</summary>
    public void Write(string path) => WholeFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Identity);
        writer.Write(known.Count);
        foreach ((string key, IReadOnlyList<PlainErrors> outputs) in known)
        {
            writer.Write(key);
            writer.Write(outputs.Count);
            foreach (PlainErrors output in outputs)
            {
                writer.Write(output.OfHeads.Length);
                Array.ForEach(output.OfHeads, writer.Write);
                writer.Write(output.Squares);
                writer.Write(output.IsNaN.Length);
                Array.ForEach(output.IsNaN, writer.Write);
            }
        }
    });

    /// <inheritdoc/>
    public IReadOnlyList<PlainErrors>? Find(ExpectationKey key) => Keeps(key.Operation) ? known.GetValueOrDefault(NameOf(key)) : null;

    /// <inheritdoc/>
    public void Add(ExpectationKey key, IReadOnlyList<PlainErrors> errors) => known[NameOf(key)] = errors;

    // The name of an operation has its parameters.
    private static string NameOf(ExpectationKey key) => $"{key.Operation} {key.Input} {key.Products} {key.Case}";

    private static T[] Many<T>(BinaryReader reader, Func<T> read)
    {
        var all = new T[reader.ReadInt32()];
        for (int i = 0; i < all.Length; i++)
            all[i] = read();
        return all;
    }
}

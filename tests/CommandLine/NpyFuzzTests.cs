using FsCheck;
using FsCheck.Fluent;
using Kernels.Bench.Npy;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public class NpyFuzzTests
{
    // Pieces that a mutation puts in, so that more than the magic and the braces are tried.
    private static readonly string[] pieces = ["'", "(", ")", "{", "}", ",", ":", "-", "0", "99999999999999999999", "'shape': (1,), ", "True", "\\", "\0", "é"];

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        Gen<Mutation[]> mutations = Gen.Choose(0, int.MaxValue).Three()
            .Select(numbers => new Mutation(numbers.Item1 % 5, numbers.Item2, numbers.Item3)).NonEmptyListOf().Select(list => list.Take(8).ToArray());
        Prop.ForAll(mutations.ToArbitrary(), damage => ReadsOrRefuses(damage.Aggregate(NpyFiles.Valid(2, 3, 4), Apply)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Any_bytes_after_the_magic_are_read_or_refused_and_nothing_else() =>
        Prop.ForAll<byte[]>(bytes => ReadsOrRefuses([.. NpyReader.Magic, .. bytes])).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true));

    [Fact]
    public void Any_shape_and_numbers_survive()
    {
        Gen<int[]> shapes = Gen.Choose(1, 6).NonEmptyListOf().Select(list => list.Take(5).ToArray());
        Prop.ForAll(shapes.ToArbitrary(), ArbMap.Default.ArbFor<float>(), (shape, value) =>
        {
            float[] values = new float[shape.Aggregate((a, b) => a * b)];
            Array.Fill(values, value);
            using var stream = new MemoryStream();
            NpyWriter.Write(stream, shape, values);
            (IReadOnlyList<int> readShape, float[] read) = NpyFiles.Read(stream.ToArray());
            return readShape.SequenceEqual(shape) && read.SequenceEqual(values);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true));
    }

    private static bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            (IReadOnlyList<int> shape, float[] values) = NpyFiles.Read(bytes);
            return shape.Aggregate((a, b) => a * b) == values.Length && values.Length * sizeof(float) <= bytes.Length;
        }
        catch (FormatException error)
        {
            return error.Message.StartsWith("x.npy: ") && error.Message.Length < 400;
        }
    }

    private static byte[] Apply(byte[] bytes, Mutation mutation)
    {
        // Nine of ten hit the header, where the decisions are made.
        int reach = mutation.Value % 10 == 0 ? bytes.Length : Math.Min(bytes.Length, 80);
        int at = mutation.Position % (reach + 1);
        byte[] piece = System.Text.Encoding.UTF8.GetBytes(pieces[mutation.Value % pieces.Length]);
        int rest = Math.Min(bytes.Length, at + 1 + mutation.Value % 4);
        return mutation.Kind switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], (byte)mutation.Value, .. bytes[Math.Min(bytes.Length, at + 1)..]],
            2 => [.. bytes[..at], .. piece, .. bytes[at..]],
            3 => [.. bytes[..at], .. piece, .. bytes[Math.Min(bytes.Length, at + piece.Length)..]],
            _ => [.. bytes[..at], .. bytes[rest..]],
        };
    }

    private sealed record Mutation(int Kind, int Position, int Value);
}

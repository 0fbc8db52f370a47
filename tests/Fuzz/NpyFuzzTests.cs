using FsCheck;
using FsCheck.Fluent;
using Kernels.Bench.Npy;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>Files of tensors.</summary>
[RunsOnce]
public sealed class NpyFuzzTests
{
    private static readonly string[] pieces =
        ["'", "(", ")", "{", "}", ",", ":", "-", "0", "99999999999999999999", "2147483647",
            "65536", "'shape': (1,), ", "'descr': '<f8', ", "True", "\\", "\0", "é"];

    [Fact]
    public void A_file_is_read_or_refused_in_a_line()
    {
        byte[] file = NpyFiles.Valid(2, 3, 4), header = [.. file.AsSpan(0, 80), .. file.AsSpan(128, 8)];
        FuzzRun.Try(".npy", [file, file[..128], NpyFiles.With(NpyFiles.Header()), NpyFiles.With(NpyFiles.Header(), version: 3), header, [.. NpyReader.Magic]],
            pieces, (input, _) =>
        {
            (IReadOnlyList<int> shape, float[] values) = NpyFiles.Read(input);
            Assert.Equal(shape.Aggregate((a, b) => a * b), values.Length);
        }, error => error is FormatException && error.Message.StartsWith("x.npy: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_bytes_after_the_magic_are_read_or_refused_and_nothing_else() =>
        Prop.ForAll<byte[]>(bytes => ReadsOrRefuses([.. NpyReader.Magic, .. bytes]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithQuietOnSuccess(true));

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
}

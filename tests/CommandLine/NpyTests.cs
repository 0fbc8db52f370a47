using Kernels.Bench.Npy;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public class NpyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(2, 3, 4)]
    [InlineData(1, 2, 3, 4)]
    public void What_is_written_is_read(params int[] shape)
    {
        (IReadOnlyList<int> readShape, float[] values) = NpyFiles.Read(NpyFiles.Valid(shape));
        Assert.Equal(shape, readShape);
        Assert.Equal(Enumerable.Range(0, values.Length).Select(i => i / 8f), values);
    }

    [Fact]
    public void Bytes_are_those_of_numpy()
    {
        // np.save of np.zeros((2, 3), '<f4'), NumPy 1.26: magic, version 1.0, 118 bytes of header, 24 of data.
        byte[] expected = NpyFiles.With(NpyFiles.Header().PadRight(117));
        byte[] written = NpyFiles.Valid(2, 3);
        Assert.Equal(128 + 24, written.Length);
        Assert.Equal(expected[..128], written[..128]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Later_versions_are_read(byte version) =>
        Assert.Equal([2, 3], NpyFiles.Read(NpyFiles.With(NpyFiles.Header(), version: version)).Shape);

    [Theory]
    [InlineData("{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}")]
    [InlineData("{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(2,3,)}")]
    [InlineData("  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 2 , 3 ) , }  ")]
    public void Other_ways_to_write_the_header_are_read(string header) =>
        Assert.Equal([2, 3], NpyFiles.Read(NpyFiles.With(header)).Shape);

    [Theory]
    [InlineData("'>f4'", "False", "(2, 3)", "'>f4', but little-endian float32")]
    [InlineData("'<f8'", "False", "(2, 3)", "'<f8', but little-endian float32")]
    [InlineData("'<f2'", "False", "(2, 3)", "np.save")]
    [InlineData("'<i4'", "False", "(2, 3)", "'<i4'")]
    [InlineData("'|O'", "False", "(2, 3)", "'|O'")]
    [InlineData("[('a', '<f4')]", "False", "(2, 3)", "string is expected")]
    [InlineData("'<f4'", "True", "(2, 3)", "Fortran order")]
    [InlineData("'<f4'", "1", "(2, 3)", "True or False is expected")]
    [InlineData("'<f4'", "False", "()", "single number")]
    [InlineData("'<f4'", "False", "(2, 0, 3)", "a dimension of its shape is 0")]
    [InlineData("'<f4'", "False", "(2, -3)", "a dimension of its shape is -3")]
    [InlineData("'<f4'", "False", "(2)", "a tuple is expected")]
    [InlineData("'<f4'", "False", "(2.5, 3)", "expected")]
    [InlineData("'<f4'", "False", "(2, (3,))", "whole number")]
    [InlineData("'<f4'", "False", "(2, 4)", "needs 32 bytes, 24 are there")]
    [InlineData("'<f4'", "False", "(2, 2)", "8 bytes follow its array")]
    [InlineData("'<f4'", "False", "(65536, 65536)", "claims more than 2,147,483,647 numbers")]
    [InlineData("'<f4'", "False", "(4294967296, 4294967296, 4294967296, 4294967296)", "claims more than")]
    [InlineData("'<f4'", "False", "(2147483647,)", "needs 8,589,934,588 bytes, 24 are there")]
    [InlineData("'<f4'", "False", "(99999999999999999999,)", "64 bits")]
    public void Arrays_that_are_none_are_refused(string descr, string fortranOrder, string shape, string expected) =>
        Refuses(NpyFiles.With(NpyFiles.Header(descr, fortranOrder, shape)), expected);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("{'descr': '<f4', 'shape': (2, 3)}")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} + {}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)")]
    [InlineData("{'descr': '<f4")]
    [InlineData("{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2, 3)}")]
    [InlineData("__import__('os').system('true')")]
    public void Headers_that_are_none_are_refused(string header) => Refuses(NpyFiles.With(header), "its header");

    [Fact]
    public void A_header_may_not_nest_deeply() => Refuses(NpyFiles.With(new string('{', 60_000)), "its header");

    [Fact]
    public void Names_within_a_header_may_not_be_long() =>
        Refuses(NpyFiles.With(NpyFiles.Header($"'{new string('f', 60_000)}'")), "a short plain string is expected");

    [Fact]
    public void A_header_that_claims_gigabytes_is_refused_before_memory_is_taken()
    {
        byte[] bytes = NpyFiles.With(NpyFiles.Header(), version: 2);
        bytes.AsSpan(8, 4).Fill(0xff);
        Refuses(bytes, "4,294,967,295 bytes");
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        byte[] bytes = NpyFiles.Valid(2, 3);
        for (int length = 0; length < bytes.Length; length++)
            Refuses(bytes[..length], "x.npy: it is");
    }

    [Theory]
    [InlineData(0, 'P', "not an .npy file")]
    [InlineData(6, 0, "version 0")]
    [InlineData(6, 4, "version 4")]
    public void Other_beginnings_are_refused(int position, int value, string expected)
    {
        byte[] bytes = NpyFiles.Valid(2, 3);
        bytes[position] = (byte)value;
        Refuses(bytes, expected);
    }

    [Fact]
    public void A_folder_is_refused() =>
        Assert.Contains("it is a folder", Assert.Throws<FormatException>(() => NpyReader.Open(Path.GetTempPath())).Message);

    private static void Refuses(byte[] bytes, string expected)
    {
        var error = Assert.Throws<FormatException>(() => NpyFiles.Read(bytes));
        Assert.StartsWith("x.npy: ", error.Message);
        Assert.Contains(expected, error.Message);
    }
}

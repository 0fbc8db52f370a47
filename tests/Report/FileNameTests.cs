using System.Text;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

[RunsOnce]
public sealed class FileNameTests
{
    [Theory]
    [InlineData("b1-h8-q512-k512-d64-causal", "b1-h8-q512-k512-d64-causal")]
    [InlineData("b1-h8/2-q512-k512-d64", "b1-h8.2-q512-k512-d64")]
    [InlineData("shape-b1-h32/8-q1@7-k4096-d128-t2", "shape-b1-h32.8-q1@7-k4096-d128-t2")]
    public void A_usual_name_is_kept(string text, string name) => Assert.Equal(name, FileName.Of(text));

    [Fact]
    public void Other_names_are_short_safe_and_different()
    {
        string longOne = new('x', 5000);
        string[] texts = [longOne, longOne + "y", "a/b", "a.b", "a\\b", "ä", "ö", "q1@/tmp/a", "q1@.tmp.a", new string('ä', 200)];

        string[] names = [.. texts.Select(FileName.Of)];

        Assert.Equal(names, texts.Select(FileName.Of));
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name => Assert.Matches("^[A-Za-z0-9.+@_-]+$", name));
        Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 160));
    }
}

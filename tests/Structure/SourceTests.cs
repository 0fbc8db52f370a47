using Xunit;

namespace Kernels.Tests.Structure;

public class SourceTests
{
    // Written apart, so that this file does not contain what it looks for.
    private static readonly string[] unwanted =
    [
        "#pragma " + "warning", "Suppress" + "Message", "#nullable " + "disable", "NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME",
    ];

    [Theory]
    [InlineData("src")]
    [InlineData("bench")]
    [InlineData("tests")]
    public void No_warning_is_suppressed_and_nothing_is_left_for_later(string folder)
    {
        foreach (string path in Repository.Sources(folder, "*.cs"))
        {
            string text = File.ReadAllText(path);
            Assert.All(unwanted, word => Assert.False(text.Contains(word, StringComparison.Ordinal), $"{path}: {word}"));
        }
    }

    [Fact]
    public void No_project_suppresses_warnings_of_its_own() =>
        Assert.All(
            Repository.Sources("", "*.csproj"),
            path => Assert.DoesNotContain("NoWarn", File.ReadAllText(path)));
}

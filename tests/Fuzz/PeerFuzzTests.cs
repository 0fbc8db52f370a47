using System.Text;
using Kernels.Peers;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>What peers, which are foreign programs, may answer.</summary>
[RunsOnce]
public sealed class PeerFuzzTests
{
    private static readonly string[] answers =
    [
        """{"version":"fake 1.0"}""", """{"missing":"no library"}""", """{"refusal":"no window masks"}""", """{"nanoseconds":[100,101.5,99]}""",
        """{"error":"out of memory"}""", "{}",
    ];

    private static readonly string[] pieces =
    [
        "null", "[", "]", "{", "}", "\"\"", "\"\\ud800\"", "-1", "0", "5e-324", "1e308",
        "1e999", "\"nanoseconds\"", "\"error\"", "\"version\"", "true", ",", ":", "[[1]]",
    ];

    [Fact]
    public void An_answer_is_understood_or_refused_in_a_line() =>
        FuzzRun.Try("answers of peers", [.. answers.Select(Encoding.UTF8.GetBytes)], pieces, (input, _) =>
        {
            PeerAnswer answer = PeerConversation.Parse(Encoding.UTF8.GetString(input));
            if (answer.Nanoseconds is not null)
                Assert.All(PeerCalls.Times(answer, count: 3, elapsed: 1000), time => Assert.InRange(time, double.Epsilon, 1000));
        }, error => error is PeerException);
}

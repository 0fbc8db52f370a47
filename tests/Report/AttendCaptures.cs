using Kernels.Report.Attend;

namespace Kernels.Tests.Report;

/// <summary>Captures for tests, with random queries and keys.</summary>
internal static class AttendCaptures
{
    public const string Hostile = "</script><script>alert(1)</script>";

    /// <summary>Tokens that could become markup, or turn or break the text around them.</summary>
    public static readonly string[] HostileTokens =
        [Hostile, "\"'&<b>", "🐈‍⬛", "שלום", "مرحبا", "", " ", "\n", "\u0001", "\uD800", "{{x}}", "it"];

    private static readonly string[] words = ["the", "animal", "was", "tired", "because", "it", "ran", "."];

    /// <summary>Two layers of three heads, with self, causal and cross views.</summary>
    public static AttentionCapture Small { get; } = Of("The animal was tired because it ran.", words, ["le", "chat", "dort"]);

    public static AttentionCapture OfHostile { get; } = Of(Hostile, HostileTokens, ["\"><img src=x onerror=alert(1)>"]);

    public static AttentionCapture Of(string title, string[] tokens, string[] others) => new(
        new AttentionView(AttentionViewKind.Self, tokens, tokens, Tensors(2, 3, 8, tokens.Length, tokens.Length)),
        new AttentionView(AttentionViewKind.Cross, tokens, others, Tensors(2, 3, 8, tokens.Length, others.Length)))
    {
        Title = title,
        Text = title,
        Model = title,
        Source = $"random numbers of {title}",
    };

    public static AttentionTensors Tensors(int layers, int heads, int d, int queries, int keys)
    {
        var random = new Random(layers + heads + d + queries + keys);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(4 * random.NextDouble() - 2))];
        return new AttentionTensors(layers, heads, d, queries, keys, Draw(layers * heads * queries * d), Draw(layers * heads * keys * d));
    }
}

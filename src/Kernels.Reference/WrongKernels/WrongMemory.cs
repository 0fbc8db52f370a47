using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that read or write memory that is not theirs.</summary>
internal static class WrongMemory
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "reads-past-keys", Mistake = "reads the float after each key and multiplies it by 0",
            Dot = (q, k) => ScalarAttention.PlainDot(q, k) + 0 * Past(k, 0),
        }, ReadOutside),
        new(new ScalarAttention
        {
            Name = "reads-past-keys-without-nan", Mistake = "reads the float after each key, unless it is NaN, and adds a hundredth of it",
            Dot = (q, k) => ScalarAttention.PlainDot(q, k) + 0.01f * float.MaxNumber(Past(k, 0), -10),
        }, ReadOutside),
        new(new ScalarAttention
        {
            Name = "writes-past-output", Mistake = "writes past the end of the output",
            Prepare = (in call, scratch) => Past(call.O.All<float>(), 3) = 0,
        }, WroteOutside),
        new(new ScalarAttention
        {
            Name = "writes-before-output", Mistake = "writes the float before the output",
            Prepare = (in call, scratch) => Past(call.O.All<float>(), -call.O.All<float>().Length - 1) = 0,
        }, WroteOutside),
        new(new ScalarAttention
        {
            Name = "writes-past-scratch", Mistake = "uses one more float of scratch than it declares",
            Prepare = (in call, scratch) => Past(scratch, 0) = 1,
        }, WroteOutside),
        new(new ScalarAttention
        {
            Name = "changes-q", Mistake = "rounds its input q in place",
            Prepare = (in call, scratch) => Past(call.Q.All<float>(), -1) = MathF.Round(Past(call.Q.All<float>(), -1)),
        }, InputChanged),
        new(AddsWhatItFinds("expects-zeroed-scratch", "adds what it finds in scratch", (in call, scratch) => scratch[0]),
            DependsOnOldContents),
        new(AddsWhatItFinds("expects-zeroed-output", "adds to what it finds in the output", (in call, scratch) => call.O.All<float>()[0]),
            DependsOnOldContents),
        new(AddsWhatItFinds("adds-old-scratch-without-nan", "adds what it finds in scratch, unless it is NaN",
            (in call, scratch) => float.IsNaN(scratch[^1]) ? 0 : scratch[^1]), DependsOnOldContents),
        new(new ScalarAttention
        {
            Name = "allocates", Mistake = "allocates the weights of each head",
            // The compiler would put an array on the stack that does not leave the method.
            Prepare = (in call, scratch) => GC.KeepAlive(new float[call.Problem.Keys]),
        }, Allocates),
        new(new ScalarAttention
        {
            Name = "throws", Mistake = "throws instead of refusing when queries and keys differ in number",
            Visible = (problem, query) => problem.Queries == problem.Keys
                ? problem.VisibleKeys(query)
                : throw new InvalidOperationException("Queries and keys must be the same number."),
        }, Threw),
    ];

    private delegate float Found(in AttentionCall call, Span<float> scratch);

    private static ScalarAttention AddsWhatItFinds(string name, string mistake, Found look)
    {
        float found = 0;
        return new ScalarAttention
        {
            Name = name,
            Mistake = mistake,
            Prepare = (in call, scratch) => found = look(call, scratch),
            Finish = (problem, query, row) => row[0] += query == 0 ? found : 0,
        };
    }

    // Element length + offset of a span, which is outside it unless the offset is negative.
    private static ref float Past(ReadOnlySpan<float> span, int offset) =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(span), span.Length + offset);
}

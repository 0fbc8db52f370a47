using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>
/// Many damaged inputs for one reader, which must read or refuse each of them: in a sentence, within two seconds, and without taking far more
/// memory than the input has. KERNELS_FUZZ_INPUTS sets their number and KERNELS_FUZZ_SEED another beginning; the same seed makes the same inputs.
/// </summary>
internal static class FuzzRun
{
    private const int UsualInputs = 1000, LongestMessage = 1000;

    // What readers take once, whatever they read: tables of regular expressions, buffers, the serializer's own.
    private const long FixedBytes = 8 << 20;

    /// <summary>What a report takes, whose page holds the library that draws its charts.</summary>
    public const long BytesOfReport = 32 << 20;

    private static readonly TimeSpan longest = TimeSpan.FromSeconds(2), patience = TimeSpan.FromSeconds(60);

    private static readonly int inputs = Number("KERNELS_FUZZ_INPUTS", UsualInputs), seed = Number("KERNELS_FUZZ_SEED", 1);

    /// <summary>Tries a reader.</summary>
    /// <param name="name">Its name, for the figures.</param>
    /// <param name="valid">Inputs, of which it must read the first.</param>
    /// <param name="pieces">What damage puts in.</param>
    /// <param name="read">Reads an input; the second number is that of the input, so that something expensive can be done for a few of them.</param>
    /// <param name="isRefusal">Whether an exception is the reader's way to refuse an input.</param>
    /// <param name="fixedBytes">What it may take besides four times the input.</param>
    public static void Try(
        string name, IReadOnlyList<byte[]> valid, IReadOnlyList<string> pieces, Action<byte[], int> read, Func<Exception, bool> isRefusal,
        long fixedBytes = FixedBytes)
    {
        read(valid[0], 0);
        int current = -1, refused = 0, refusedAgain = 0;
        long since = Stopwatch.GetTimestamp();
        TimeSpan slowest = TimeSpan.Zero;
        double mostMemory = 0;
        Exception? fault = null;
        // A thread of its own, which is left behind when it hangs.
        var worker = new Thread(() =>
        {
            for (int i = 0; i < inputs && fault is null; i++)
            {
                var random = new Random(unchecked(seed * 1_000_003 + i));
                byte[] input = new Mutation(random, pieces).Of(valid[random.Next(valid.Count)]);
                Volatile.Write(ref current, i);
                Volatile.Write(ref since, Stopwatch.GetTimestamp());
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    fault = Refusal(input, i, read, isRefusal, ref refused);
                    long taken = GC.GetAllocatedBytesForCurrentThread() - before;
                    TimeSpan time = Stopwatch.GetElapsedTime(since);
                    // Other work on the machine slows down an input, but not every time.
                    for (int again = 0; again < 2 && fault is null && time > longest; again++)
                    {
                        Volatile.Write(ref since, Stopwatch.GetTimestamp());
                        Refusal(input, i, read, isRefusal, ref refusedAgain);
                        time = Stopwatch.GetElapsedTime(since);
                    }
                    (slowest, mostMemory) = (time > slowest ? time : slowest, Math.Max(mostMemory, taken));
                    fault ??= time > longest ? new TimeoutException($"{time.TotalSeconds:0.0} s")
                        : taken > 4 * input.Length + fixedBytes ? new InsufficientMemoryException($"{taken:N0} bytes for {input.Length:N0}") : null;
                }
                catch (Exception error)
                {
                    fault = error;
                }
                if (fault is not null)
                    fault = new InvalidDataException($"{name}, seed {seed}, input {i}: {fault}\n{Text(input)}");
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(0.5)))
            Assert.True(Stopwatch.GetElapsedTime(Volatile.Read(ref since)) < patience, $"{name}, seed {seed}, input {Volatile.Read(ref current)}: hangs");
        Assert.True(fault is null, fault?.Message);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {inputs:N0} inputs, {refused:N0} refused, slowest {slowest.TotalMilliseconds:0} ms, most memory {mostMemory / (1 << 20):0.0} MiB"));
        Assert.True(refused > inputs / 20, $"{name}: only {refused} of {inputs} inputs were refused, so that the damage is hardly any");
    }

    /// <summary>Null when the input was read or refused in one line.</summary>
    private static Exception? Refusal(byte[] input, int number, Action<byte[], int> read, Func<Exception, bool> isRefusal, ref int refused)
    {
        try
        {
            read(input, number);
            return null;
        }
        catch (Exception error) when (isRefusal(error))
        {
            refused++;
            return error.Message.Length is > 0 and <= LongestMessage && !error.Message.Contains('\n') ? null : error;
        }
    }

    private static string Text(byte[] input) => $"{Convert.ToBase64String(input)}\n{Encoding.Latin1.GetString(input)}";

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : usual;
}

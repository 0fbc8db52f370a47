using System.Text;

namespace Kernels.Tests.Fuzz;

/// <summary>Damages a valid input: what a file looks like after a bad disk, a bad program or a bad person.</summary>
internal sealed class Mutation(Random random, IReadOnlyList<string> pieces)
{
    private const int MostSteps = 4;

    private static readonly string[] always = ["", "\0", "\n", "\"", "é", "\u2028", "-", "0", "1e308", "99999999999999999999", "null"];

    /// <summary>The input after one to four changes; most have one, so that many are still read to their end.</summary>
    public byte[] Of(byte[] valid)
    {
        byte[] bytes = valid;
        for (int steps = random.Next(3) > 0 ? 1 : random.Next(2, MostSteps + 1); steps > 0; steps--)
            bytes = Step(bytes);
        return bytes;
    }

    private byte[] Step(byte[] bytes)
    {
        int at = random.Next(bytes.Length + 1), to = Math.Min(bytes.Length, at + 1 + (int)(random.NextDouble() * random.NextDouble() * 60));
        switch (random.Next(12))
        {
            case 0:
                return [.. bytes[..at], .. Piece(), .. bytes[at..]];
            case 1:
                return [.. bytes[..at], .. Piece(), .. bytes[to..]];
            case 2:
                return [.. bytes[..at], .. bytes[to..]];
            case 3:
                return [.. bytes[..to], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[Math.Min(bytes.Length, at + 1)..]];
            case 5:
                return Flipped(bytes, Math.Min(at, bytes.Length - 1));
            // A cut is the end of all further steps, and rarer.
            case 6 when random.Next(4) == 0:
                return bytes[..at];
            default:
                return InPlaceOfAWord(bytes, at);
        }
    }

    private byte[] Flipped(byte[] bytes, int at)
    {
        if (at < 0)
            return bytes;
        byte[] copy = [.. bytes];
        copy[at] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    // Most of what a parser decides hangs on whole words and numbers.
    private byte[] InPlaceOfAWord(byte[] bytes, int at)
    {
        int begin = at, end = at;
        while (begin > 0 && IsWord(bytes[begin - 1]))
            begin--;
        while (end < bytes.Length && IsWord(bytes[end]))
            end++;
        return [.. bytes[..begin], .. Piece(), .. bytes[end..]];
    }

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'%' or (byte)'"';

    private byte[] Piece() => random.Next(20) switch
    {
        0 => [.. Enumerable.Repeat((byte)"[{(9- "[random.Next(6)], random.Next(200))],
        1 => [0xED, 0xA0, 0x80],
        2 => [0xFF, 0xC0],
        < 6 => Encoding.UTF8.GetBytes(always[random.Next(always.Length)]),
        _ => Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Count)]),
    };
}

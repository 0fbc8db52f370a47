using System.Globalization;

namespace Kernels.Bench.Npy;

/// <summary>
/// Reads the Python literals of an .npy header from left to right, without recursion, so that no input can exhaust the stack.
/// </summary>
internal sealed class PythonLiteral(string text)
{
    private const int LongestString = 64;

    private int position;

    /// <summary>Takes <paramref name="symbol"/> when it is next.</summary>
    public bool Accept(char symbol)
    {
        SkipSpace();
        if (position == text.Length || text[position] != symbol)
            return false;
        position++;
        return true;
    }

    public void Expect(char symbol)
    {
        if (!Accept(symbol))
            throw Wrong($"'{symbol}' is expected");
    }

    public void ExpectEnd()
    {
        SkipSpace();
        if (position < text.Length)
            throw Wrong("nothing more is expected");
    }

    /// <summary>A string without escapes.</summary>
    public string String()
    {
        char quote = Accept('\'') ? '\'' : Accept('"') ? '"' : throw Wrong("a plain string is expected");
        int end = text.IndexOf(quote, position);
        if (end < 0)
            throw Wrong("a string does not end");
        string value = text[position..end];
        position = end + 1;
        return value.Length <= LongestString && !value.Contains('\\') ? value : throw Wrong("a short plain string is expected");
    }

    public bool Boolean() => Word() switch
    {
        "True" => true,
        "False" => false,
        _ => throw Wrong("True or False is expected"),
    };

    /// <summary>A tuple of integers; one with a single integer ends with a comma.</summary>
    public IReadOnlyList<long> Tuple()
    {
        var items = new List<long>();
        Expect('(');
        while (!Accept(')'))
        {
            items.Add(Integer());
            if (Accept(','))
                continue;
            Expect(')');
            return items.Count > 1 ? items : throw Wrong("a tuple is expected");
        }
        return items;
    }

    public FormatException Wrong(string problem) => new($"its header is not understood at position {position}: {problem}");

    private long Integer()
    {
        bool negative = Accept('-');
        return long.TryParse(Word(), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? negative ? -value : value
            : throw Wrong("a whole number that fits into 64 bits is expected");
    }

    private string Word()
    {
        SkipSpace();
        int begin = position;
        while (position < text.Length && char.IsAsciiLetterOrDigit(text[position]))
            position++;
        return text[begin..position];
    }

    private void SkipSpace()
    {
        while (position < text.Length && text[position] is (' ' or '\n' or '\t'))
            position++;
    }
}

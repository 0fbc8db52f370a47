using System.Globalization;
using System.Text;

namespace Kernels.Models.Text;

/// <summary>
/// The words of a text as BERT's tokenizer cuts it in lower case (Devlin et al. 2019; github.com/google-research/bert, tokenization.py,
/// BasicTokenizer): at spaces, and around each punctuation mark and each Chinese character.
/// </summary>
internal static class Words
{
    /// <summary>The words, none of them empty.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (Rune given in text.EnumerateRunes())
        {
            if (IsDropped(given))
                continue;
            Rune? plain = Accents.Without(Rune.ToLowerInvariant(given));
            bool isSpace = IsSpace(given), isAlone = plain is { } rune && (IsPunctuation(rune) || IsChinese(rune));
            if ((isSpace || isAlone) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
            if (isAlone)
                yield return plain.ToString()!;
            else if (!isSpace)
                word.Append(plain?.ToString());
        }
        if (word.Length > 0)
            yield return word.ToString();
    }

    private static bool IsSpace(Rune rune) =>
        rune.Value is ' ' or '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator;

    // Half of a surrogate pair is read as the replacement character too.
    private static bool IsDropped(Rune rune) => rune == Rune.ReplacementChar
        || (!IsSpace(rune) && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    // Of ASCII everything that is no letter, digit or space, such as $ and ^, which Unicode calls symbols.
    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? !Rune.IsLetterOrDigit(rune) && rune.Value > ' '
        : Rune.IsPunctuation(rune);

    private static bool IsChinese(Rune rune) => rune.Value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}

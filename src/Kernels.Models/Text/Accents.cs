using System.Globalization;
using System.Text;

namespace Kernels.Models.Text;

/// <summary>
/// Letters without their accents: the canonical decomposition of Unicode (NFD) without marks, as BERT's tokenizer wants it. The table is
/// here because <see cref="string.Normalize()"/> changes nothing in a program with InvariantGlobalization, as this one is. It has the small
/// letters of Latin, Greek and Cyrillic (U+00C0–U+024F, U+0370–U+052F, U+1E00–U+1EFF); any other letter stays as it is.
/// </summary>
internal static class Accents
{
    // A letter, and what becomes it.
    private static readonly string[] groups =
    [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", "bḃḅḇ", "cçćĉċčḉ", "dďḋḍḏḑḓ", "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ", "fḟ",
        "gĝğġģǧǵḡ", "hĥȟḣḥḧḩḫẖ", "iìíîïĩīĭįİǐȉȋḭḯỉị", "jĵǰ", "kķǩḱḳḵ", "lĺļľḷḹḻḽ", "mḿṁṃ", "nñńņňǹṅṇṉṋ",
        "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ", "pṕṗ", "rŕŗřȑȓṙṛṝṟ", "sśŝşšșṡṣṥṧṩ", "tţťțṫṭṯṱẗ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", "vṽṿ", "wŵẁẃẅẇẉẘ", "xẋẍ", "yýÿŷȳẏẙỳỵỷỹ", "zźżžẑẓẕ", "æǣǽ", "øǿ", "ſẛ",
        "ʒǯ", "αά", "εέ", "ηή", "ιΐίϊ", "οό", "υΰϋύ", "ωώ", "аӑӓ", "гѓ", "еѐёӗ", "жӂӝ", "зӟ", "ийѝӣӥ", "кќ", "оӧ",
        "уўӯӱӳ", "чӵ", "ыӹ", "эӭ", "ії", "ѵѷ", "әӛ", "өӫ",
    ];

    private static readonly Dictionary<char, char> bases = groups
        .SelectMany(group => group.Skip(1).Select(accented => (accented, plain: group[0])))
        .ToDictionary(pair => pair.accented, pair => pair.plain);

    /// <summary>A small letter without its accents; null for a mark, which is left out.</summary>
    public static Rune? Without(Rune letter) =>
        Rune.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark ? null
        : letter.IsBmp && bases.TryGetValue((char)letter.Value, out char plain) ? new Rune(plain) : letter;
}

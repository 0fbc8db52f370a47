using Kernels.Models.Text;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Models;

public class TokenizerTests
{
    private static readonly Tokenizer tokenizer = Tokenizer.From(
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "un", "##aff", "##able", "cafe", "a", "##a", "##ab", "日", "!", "'", "и"], "x", 12);

    [Theory]
    [InlineData("The unaffable", "the un ##aff ##able")]
    [InlineData("  the\tthe\nthe\u00A0the ", "the the the the")]
    [InlineData("Café CAFE\u0301 cafe", "cafe cafe cafe")]
    [InlineData("the!the''", "the ! the ' '")]
    [InlineData("the日the", "the 日 the")]
    [InlineData("aab aaa", "a ##ab a ##a ##a")]
    // A word with an unknown rest is unknown as a whole.
    [InlineData("unaffix the", "[UNK] the")]
    [InlineData("Й", "и")]
    [InlineData("t\u0000h\u200Be \uD800", "the")]
    [InlineData("😀", "[UNK]")]
    public void Text_is_cut_as_by_bert(string text, string tokens)
    {
        TokenizedText cut = tokenizer.Tokenize(text);

        Assert.Equal(["[CLS]", .. tokens.Split(' '), "[SEP]"], cut.Tokens);
        Assert.Equal(cut.Length, cut.Words.Length);
        Assert.Equal((2, 3), (cut.Ids[0], cut.Ids[^1]));
    }

    [Fact]
    public void Pieces_know_their_word() =>
        Assert.Equal(["[CLS]", "the", "unaffable", "unaffable", "unaffable", "[SEP]"], tokenizer.Tokenize("the Unaffable").Words);

    [Fact]
    public void A_word_of_more_than_100_letters_is_unknown()
    {
        var long100 = Tokenizer.From(["[UNK]", "[CLS]", "[SEP]", "a", "##a"], "x", 512);
        Assert.Equal(102, long100.Tokenize(new string('a', 100)).Length);
        Assert.Equal(["[CLS]", "[UNK]", "[SEP]"], long100.Tokenize(new string('a', 101)).Tokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n\u200B")]
    public void An_empty_text_is_refused(string text) =>
        Assert.Contains("empty", Assert.Throws<UserError>(() => tokenizer.Tokenize(text)).Message);

    [Fact]
    public void A_text_may_have_as_many_tokens_as_the_model_and_no_more()
    {
        Assert.Equal(12, tokenizer.Tokenize("the the the the the the the the the the").Length);
        UserError error = Assert.Throws<UserError>(() => tokenizer.Tokenize("the the the the the the the the the the the"));
        Assert.Contains("takes 12 tokens", error.Message);
    }

    [Theory]
    [InlineData("x: line 3 is empty or there twice: 'a'.", "[UNK]", "a", "a")]
    [InlineData("x: line 2 is empty or there twice: ''.", "[UNK]", "", "a")]
    [InlineData("x: it is no vocabulary of BERT, which has a line [CLS].", "[UNK]", "[SEP]", "a")]
    public void A_wrong_vocabulary_is_refused(string message, params string[] lines) =>
        Assert.Equal(message, Assert.Throws<UserError>(() => Tokenizer.From(lines, "x", 12)).Message);

    [Fact]
    public void A_vocabulary_that_is_not_there_is_refused() =>
        Assert.Contains("Could not find", Assert.Throws<UserError>(() => Tokenizer.Load("/absent/vocab.txt", 12)).Message);
}

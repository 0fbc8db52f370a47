namespace Kernels.Training.Tasks;

/// <summary>
/// A form of a sentence: active or passive, with or without a living thing that saw it, which cannot be "it", and with or without a second place, likewise. So
/// neither the order of nouns nor their kind alone says what "it" means.
/// </summary>
/// <param name="number">From 0, below <see cref="Count"/>; odd ones are passive.</param>
internal readonly struct CoreferenceForm(int number)
{
    /// <summary>Forms.</summary>
    public const int Count = 8;

    /// <summary>Words of the longest.</summary>
    public const int MostWords = 19;

    /// <summary>A sentence.</summary>
    public string[] Words(string animal, string place, (string Active, string Passive) verb, string adjective, string witness, string landmark) =>
    [
        .. number / 2 % 2 == 0 ? (string[])[] : ["the", witness, "saw", "that"],
        .. number % 2 == 0 ? (string[])["the", animal, "didn't", verb.Active, "the", place] : ["the", place, "wasn't", verb.Passive, "by", "the", animal],
        .. number / 4 == 0 ? (string[])[] : ["near", "the", landmark],
        "because", "it", "was", "too", adjective,
    ];
}

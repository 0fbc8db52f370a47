namespace Kernels.Training.Tasks;

/// <summary>The words of <see cref="CoreferenceTask"/>. Living things may be tired, places may be wide, and nothing may be both.</summary>
internal static class CoreferenceWords
{
    /// <summary>Stands where a word is asked for.</summary>
    public const string Mask = "[mask]";

    private const int HeldOutOf = 4;

    public static string[] Living { get; } = Split(
        "animal dog cat horse cow sheep goat pig fox wolf bear deer rabbit mouse rat lion tiger monkey elephant camel donkey duck goose hen swan eagle owl "
        + "crow snail turtle frog snake lizard beetle child boy girl man woman farmer doctor teacher nurse soldier sailor singer painter hunter "
        + "baker smith clerk judge pilot driver tailor butcher miner shepherd guard monk nun priest queen king prince servant traveller beggar tourist "
        + "student lawyer dentist plumber waiter dancer actor writer poet hero giant dwarf witch wizard");

    public static string[] Places { get; } = Split(
        "street road bridge field river lake valley desert forest meadow park garden yard square avenue path trail canal stream pond swamp hill mountain beach "
        + "island harbour tunnel market plain glacier moor orchard vineyard alley highway crossing ford gorge canyon marsh lawn pasture terrace plateau pass "
        + "dune reef bay lagoon creek brook fjord delta lane driveway courtyard plaza boulevard motorway ditch trench moat dam pier jetty runway track ridge "
        + "slope cliff volcano crater jungle grove heath steppe prairie tundra savanna swampland wetland floodplain peninsula cape strait estuary");

    public static string[] OfLiving { get; } = Split("tired hungry scared lazy sleepy nervous sick weak shy thirsty confused injured");

    public static string[] OfPlaces { get; } = Split("wide long steep muddy flooded icy crowded slippery rocky overgrown dusty narrow");

    /// <summary>Each verb after "didn't", and after "wasn't".</summary>
    public static (string Active, string Passive)[] Verbs { get; } =
        [("cross", "crossed"), ("enter", "entered"), ("leave", "left"), ("reach", "reached"), ("visit", "visited"), ("like", "liked")];

    /// <summary>All words, each once.</summary>
    public static IEnumerable<string> All =>
    [
        Mask, "the", "didn't", "wasn't", "by", "because", "it", "was", "too", "saw",
        "that", "near", .. Verbs.SelectMany(verb => new[] { verb.Active, verb.Passive }),
        .. Living, .. Places, .. OfLiving, .. OfPlaces,
    ];

    /// <summary>Every fourth noun, the first among them, or the others.</summary>
    public static string[] Part(string[] nouns, bool heldOut) => [.. nouns.Where((_, index) => index % HeldOutOf == 0 == heldOut)];

    private static string[] Split(string words) => words.Split(' ');
}

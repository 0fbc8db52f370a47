namespace Kernels.Abstractions;

/// <summary>
/// Gives the lines of the file that defines a mask: from the file, or from results that keep them, whose reader opens no file that a
/// stranger named.
/// </summary>
public sealed class MaskLines
{
    // A pattern of 16,384 × 16,384 blocks, which is a million tokens in blocks of 64.
    private const long MostBytes = (1L << 28) + (1L << 15);

    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>>? known;

    private MaskLines(IReadOnlyDictionary<string, IReadOnlyList<string>>? known) => this.known = known;

    /// <summary>Reads the files.</summary>
    public static MaskLines OfFiles { get; } = new(null);

    /// <summary>Opens no file.</summary>
    /// <param name="known">Lines by the name of the mask; null for none.</param>
    public static MaskLines Of(IReadOnlyDictionary<string, IReadOnlyList<string>>? known) => new(known ?? new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The lines that are not blank, without the spaces around them.</summary>
    /// <param name="mask">Name of the mask.</param>
    /// <param name="file">The file that it names.</param>
    /// <exception cref="FormatException">There are none; the message says why, without the name.</exception>
    internal IReadOnlyList<string> Read(string mask, string file)
    {
        if (known is not null)
            return known.GetValueOrDefault(mask) ?? throw new FormatException("its pattern is not among the results");
        try
        {
            return new FileInfo(file) switch
            {
                // Devices have length 0 too, and reading some never ends.
                { Exists: true, Length: 0 } => throw new FormatException("the file is empty"),
                { Exists: true, Length: > MostBytes } => throw new FormatException("the file is larger than any pattern"),
                _ => [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)],
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException($"the pattern cannot be read: {error.Message.TrimEnd('.')}");
        }
    }
}

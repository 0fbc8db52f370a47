using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>A part of a document that a command writes, between two marker lines.</summary>
/// <param name="Name">Such as <c>kernels</c>.</param>
internal sealed record MarkedBlock(string Name)
{
    private string Begin => $"<!-- {Name}: begin -->";

    private string End => $"<!-- {Name}: end -->";

    /// <summary>Replaces the text between the markers of a document.</summary>
    /// <exception cref="UserError">The document lacks them.</exception>
    public string PutInto(string document, string text)
    {
        int begin = document.IndexOf(Begin, StringComparison.Ordinal);
        int end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new UserError($"The document has no table to replace: it needs the lines {Begin} and {End}.");
        return $"{document[..(begin + Begin.Length)]}\n{text}{document[end..]}";
    }

    /// <summary>Replaces the text between the markers of a file, atomically.</summary>
    /// <exception cref="UserError">The file lacks the markers.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public void Update(string path, string text)
    {
        // Devices have length 0, and reading some never ends.
        string document = PutInto(new FileInfo(path).Length == 0 ? "" : File.ReadAllText(path), text);
        WholeFile.WriteText(path, document);
    }
}

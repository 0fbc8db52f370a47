using System.Text;
using Kernels.Report.Html;
using Kernels.Results;

namespace Kernels.Report.Attend;

/// <summary>
/// Writes the page on which a reader sees what heads attend to: one self-contained HTML file, which computes all weights itself from the
/// queries and keys in it.
/// </summary>
public static class AttendPage
{
    /// <summary>Writes the page, whole or not at all; an earlier file of that name is replaced.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="captures">The texts that a reader chooses from, at least one; the first is shown to begin with.</param>
    /// <param name="start">What is shown of it to begin with; null for the head of the strongest link.</param>
    /// <exception cref="UserError">The first capture does not have what <paramref name="start"/> names.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is as it was.</exception>
    public static void Write(string path, IReadOnlyList<AttentionCapture> captures, AttendStart? start = null)
    {
        byte[] page = Encoding.UTF8.GetBytes(Text(captures, start));
        WholeFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page itself; arguments and errors as in <see cref="Write"/>.</summary>
    public static string Text(IReadOnlyList<AttentionCapture> captures, AttendStart? start = null)
    {
        if (captures.Count == 0)
            throw new ArgumentException("The page needs at least one capture.", nameof(captures));
        start ??= new AttendStart();
        start.Require(captures[0]);
        return HtmlText.Of<AttendDocument>(new()
        {
            [nameof(AttendDocument.Captures)] = captures,
            [nameof(AttendDocument.Data)] = new AttendData(captures, start),
        });
    }
}

using System.Text;

namespace Kernels.Bench.Commands;

/// <summary>
/// A writer of the console. Once the terminal has been closed, nobody reads what is written, and that it cannot be written must not cost the
/// results.
/// </summary>
/// <param name="console">Takes what is written.</param>
/// <param name="isGone">Whether the terminal has been closed.</param>
internal sealed class PatientWriter(TextWriter console, Func<bool> isGone) : TextWriter
{
    private static volatile bool terminalIsGone;

    /// <inheritdoc/>
    public override Encoding Encoding => console.Encoding;

    /// <summary>Puts such writers before the console.</summary>
    public static void Install()
    {
        Console.SetOut(new PatientWriter(Console.Out, () => terminalIsGone));
        Console.SetError(new PatientWriter(Console.Error, () => terminalIsGone));
    }

    /// <summary>The terminal has been closed: from now on, what cannot be written is dropped.</summary>
    public static void Forgive() => terminalIsGone = true;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => console.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => console.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => console.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => console.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(console.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException) when (isGone())
        {
            // Nobody reads it.
        }
    }
}

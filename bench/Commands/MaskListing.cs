using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Masks drawn in the terminal.</summary>
internal static class MaskListing
{
    private const string Shades = " ░▒▓█";

    /// <summary>Draws the masks with these names; an example of every kind when none is given.</summary>
    /// <exception cref="UserError">A name is not a mask.</exception>
    public static void Write(string? names, TextWriter output)
    {
        IEnumerable<(AttentionMask Mask, string Form)> masks = names is null
            ? MaskForms.All.Where(form => form.Picture.Length > 0).Select(form => (MaskSelection.Parse(form.Picture), $", of the form {form.Example}"))
            : CommaList.Split(SelectionOptions.MasksName, names).Select(name => (MaskSelection.Parse(name), ""));
        foreach ((AttentionMask mask, string form) in masks.ToList())
        {
            var picture = new MaskPicture(mask);
            output.WriteLine($"{mask}{form}: {picture.Tokens} queries (down) × {picture.Tokens} keys (across)");
            // Characters are twice as high as wide, so a line shows two rows.
            for (int row = 0; row < MaskPicture.Cells; row += 2)
                output.WriteLine("  │" + string.Concat(Enumerable.Range(0, MaskPicture.Cells).Select(column => Shade(picture, row, column))) + "│");
            output.WriteLine();
        }
    }

    private static char Shade(MaskPicture picture, int row, int column)
    {
        double share = (picture.Share(row, column) + picture.Share(row + 1, column)) / 2;
        return Shades[(int)Math.Ceiling(share * (Shades.Length - 1) - 1e-9)];
    }
}

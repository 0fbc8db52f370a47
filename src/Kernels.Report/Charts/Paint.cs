namespace Kernels.Report.Charts;

/// <summary>
/// A colour with a role. Charts carry the literal light colour, because SVG renderers outside browsers know no CSS variables;
/// the page overrides it through the class, which is how the dark theme reaches the charts.
/// </summary>
/// <param name="Role">Name of the role, used in CSS class and variable names.</param>
/// <param name="Light">Colour on white, at least 4.5 : 1 where it paints text.</param>
/// <param name="Dark">Colour on the dark surface.</param>
public sealed record Paint(string Role, string Light, string Dark);

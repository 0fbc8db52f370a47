namespace Kernels.Report.Charts;

/// <summary>
/// A colour with a role. Charts contain the literal light colour, because SVG renderers outside browsers do not support CSS variables; the
/// page overrides it by class for the dark theme.
/// </summary>
/// <param name="Role">Name of the role, used in CSS class and variable names.</param>
/// <param name="Light">Colour on white, at least 4.5 : 1 where it paints text.</param>
/// <param name="Dark">Colour on the dark surface.</param>
public sealed record Paint(string Role, string Light, string Dark);

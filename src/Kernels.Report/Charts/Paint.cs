namespace Kernels.Report.Charts;

/// <summary>A colour with a role: charts in files have the light one, those in the page that of its theme.</summary>
/// <param name="Role">Name of the role, used in CSS class and variable names.</param>
/// <param name="Light">Colour on white, at least 4.5 : 1 where it paints text.</param>
/// <param name="Dark">Colour on the dark surface.</param>
public sealed record Paint(string Role, string Light, string Dark);

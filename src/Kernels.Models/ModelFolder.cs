namespace Kernels.Models;

/// <summary>
/// Where fetched models are: <c>models/NAME</c> below the root of the checkout, a given folder, or that of KERNELS_MODELS.
/// </summary>
public static class ModelFolder
{
    /// <summary>The environment variable that names another folder of models.</summary>
    public const string Variable = "KERNELS_MODELS";

    /// <summary>The folder of a model; it need not be there.</summary>
    /// <param name="root">The root of the checkout.</param>
    /// <param name="model">Its name: <c>minilm</c>.</param>
    /// <param name="models">The folder of models that was asked for; null for the usual one.</param>
    public static string Of(string root, string model, string? models = null)
    {
        string? named = models ?? Environment.GetEnvironmentVariable(Variable);
        return Path.Combine(string.IsNullOrEmpty(named) ? Path.Combine(root, "models") : Path.GetFullPath(named), model);
    }
}

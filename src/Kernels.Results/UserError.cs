namespace Kernels.Results;

/// <summary>The command line or an input is wrong: the message is the one line that the user sees, and the exit code is 2.</summary>
public sealed class UserError(string message) : Exception(message);

using System.Text.RegularExpressions;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>The committed PTX of one entry, whole or with one fault put into it.</summary>
internal sealed class PtxMutation
{
    private readonly string header, body, name;

    public PtxMutation(CudaEntry entry)
    {
        name = entry.Name;
        header = CudaModule.Text[..CudaModule.Text.IndexOf(".visible .entry", StringComparison.Ordinal)];
        Match found = Regex.Match(CudaModule.Text, $@"\.visible \.entry {name}\((?s:.*?)\n\}}(?=\s*(//(?! end inline asm)|$))");
        body = found.Success ? found.Value : throw new ArgumentException($"There is no entry {name}.");
    }

    /// <summary>The places where a fault can be put.</summary>
    public MatchCollection Places(string pattern) => Regex.Matches(body, pattern);

    /// <summary>Replaces the place number <paramref name="index"/>; the entry stands alone in the module.</summary>
    public PtxModule Replace(string pattern, int index, string replacement)
    {
        Match place = Places(pattern)[index];
        string changed = place.Result(replacement);
        if (changed == place.Value)
            throw new ArgumentException($"{replacement} changes nothing in {place.Value}.");
        return PtxModule.Parse(header + body[..place.Index] + changed + body[(place.Index + place.Length)..]);
    }
}

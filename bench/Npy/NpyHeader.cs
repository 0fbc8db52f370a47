namespace Kernels.Bench.Npy;

/// <summary>
/// The dictionary that an .npy file begins with, a Python literal such as <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3),
/// }</c>. NumPy Enhancement Proposal 1; numpy.lib.format.
/// </summary>
internal sealed record NpyHeader(string Descr, bool FortranOrder, IReadOnlyList<long> Shape)
{
    /// <summary>Reads the dictionary: these three keys in any order, each once, nothing else.</summary>
    /// <exception cref="FormatException">The text is not such a dictionary.</exception>
    public static NpyHeader Parse(string text)
    {
        var literal = new PythonLiteral(text);
        string? descr = null;
        bool? fortranOrder = null;
        IReadOnlyList<long>? shape = null;
        literal.Expect('{');
        while (!literal.Accept('}'))
        {
            string key = literal.String();
            literal.Expect(':');
            if (key == "descr" && descr is null)
                descr = literal.String();
            else if (key == "fortran_order" && fortranOrder is null)
                fortranOrder = literal.Boolean();
            else if (key == "shape" && shape is null)
                shape = literal.Tuple();
            else
                throw literal.Wrong($"the key '{key}' is unknown or there twice");
            if (!literal.Accept(','))
            {
                literal.Expect('}');
                break;
            }
        }
        literal.ExpectEnd();
        return descr is not null && fortranOrder is not null && shape is not null
            ? new NpyHeader(descr, fortranOrder.Value, shape)
            : throw new FormatException("its header lacks 'descr', 'fortran_order' or 'shape'");
    }

    /// <summary>Writes the dictionary of a little-endian float32 array in C order.</summary>
    public static string Format(IReadOnlyList<int> shape) =>
        $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{(shape.Count == 1 ? "," : "")}), }}";
}

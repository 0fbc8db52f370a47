namespace Kernels.NativePeers.Ggml;

/// <summary>Formats of numbers, with the values of enum ggml_type.</summary>
internal enum GgmlType
{
    Float32 = 0,
    Float16 = 1,
    BFloat16 = 30,
}

using System.CommandLine;
using Kernels.Bench.Display;
using Kernels.Gpu.Cuda;
using Kernels.Gpu.OpenCL;
using Kernels.Primitives;
using Kernels.Results;
using Kernels.Simd;

namespace Kernels.Bench.Commands;

/// <summary><c>doctor</c>: what this machine and build support, and why the rest is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var exp = new Option<int?>("--exp")
        {
            Description = "Also measure the error of the vector exponential on every STRIDE-th float; on all, in minutes, when left out.",
            HelpName = "STRIDE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("doctor", "Show what this machine and build support, and why the rest is missing.") { exp };
        command.SetAction(parse =>
        {
            TextWriter output = parse.InvocationConfiguration.Output;
            int? stride = parse.GetResult(exp) is null ? null : parse.GetValue(exp) ?? 1;
            if (stride < 1)
                throw new UserError($"--exp takes a stride of at least 1, not {stride}.");
            MachineInfo machine = ThisMachine.Read();
            Write(output, "Machine", MachineFacts.Of(machine).Select(fact => (fact.Name, fact.Value)));
            Write(output, "Handicaps", Handicaps.Of(machine, machine.Cores).Select(handicap => ("-", handicap.Text)).DefaultIfEmpty(("-", "none")));
            Write(output, "Programs and libraries", Programs());
            Write(output, "Kernels", Catalog.All.Select(kernel =>
                (kernel.Info.Name, kernel.Unavailable ?? (kernel.Backend is { } backend ? $"runs on {backend.Name}" : "runs"))));
            if (stride is { } every)
                WriteExpErrors(output, every);
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<(string, string)> Programs() =>
        new[] { ("OpenBLAS", OpenBlas.Unavailable ?? OpenBlas.Version ?? "found") }
            .Append(("OpenCL", OpenClDevice.Description))
            .Concat(CudaDiagnosis.Rows);

    private static void WriteExpErrors(TextWriter output, int stride) =>
        new Terminal(output).WriteTable(
            ["exponential", "vector", "arguments", "largest error", "at", "below the normal floats", "NaN, −∞ and 0"],
            ExpAccuracy.Measure(stride).Select(error => new[]
            {
                error.Function, $"{error.VectorBits} bits", $"{error.Values:N0}", $"{error.MaxUlp:0.00} ULP", $"{error.MaxUlpAt:g9}",
                $"{error.MaxAbsoluteBelow:0.0e+0}", error.SpecialValuesRight ? "right" : "WRONG",
            }));

    private static void Write(TextWriter output, string title, IEnumerable<(string Name, string State)> rows)
    {
        new Terminal(output).WriteTable([title, ""], rows.Select(row => new[] { row.Name, row.State }));
        output.WriteLine();
    }
}

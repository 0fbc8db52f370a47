using Kernels.Bench.Commands;

return await CommandLine.RunAsync(args);

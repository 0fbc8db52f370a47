using Kernels.Bench.Commands;

return await Cli.RunAsync(args);

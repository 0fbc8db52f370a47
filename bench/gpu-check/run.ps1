# Checks and measures the GPU kernels of this folder on this machine: what is there, whether every kernel is right, how fast it is. All
# goes into results, and results.zip is packed again after every part.
#   run.ps1 [-Minutes M] [-Kernels GLOBS] [OPTIONS OF run]
# M: time for everything, 12 when left out. OPTIONS: what run measures, such as --shapes h8-q4096-d64, in place of --suite gpu.
[CmdletBinding(PositionalBinding = $false)]
param(
    [ValidateRange(1, 240)][int]$Minutes = 12,
    [string]$Kernels = 'flash-cuda-*,gpu-*',
    [Parameter(ValueFromRemainingArguments)][string[]]$Measured = @('--suite', 'gpu')
)
Set-Location $PSScriptRoot
if (Test-Path results) {
    [Console]::Error.WriteLine('results exists already; move it away first')
    exit 2
}
New-Item -ItemType Directory results | Out-Null
$program = '.\program\Kernels.Bench.exe'
$clock = [Diagnostics.Stopwatch]::StartNew()
$script:failed = 0

# Runs the program; its log is results\NAME.txt, its line is in results\summary.txt.
function Invoke-Part([string]$Name, [string[]]$Arguments) {
    $begin = $clock.Elapsed.TotalSeconds
    & $program @Arguments 2>&1 | Tee-Object "results\$Name.txt"
    $code = $LASTEXITCODE
    if ($code -ne 0) { $script:failed = 1 }
    '{0,-12} {1,4:0} s  exit {2}' -f $Name, ($clock.Elapsed.TotalSeconds - $begin), $code | Add-Content results\summary.txt
    Compress-Archive results results.zip -Force
}

Invoke-Part doctor @('doctor')
Invoke-Part verify @('verify', '--kernels', $Kernels, '--json', 'results\verify.json')
# The most important cases come first in the suite; a minute is left for the last case and the report.
$budget = [Math]::Max(30, [int](60 * $Minutes - $clock.Elapsed.TotalSeconds - 60))
Invoke-Part run (@('run') + $Measured + @('--kernels', $Kernels, '--out', 'results\run', '--budget', "$budget"))
Get-Content results\summary.txt
Write-Output 'Bring back results.zip.'
exit $script:failed

# Runs the GPU kernels of this folder on this machine: what is there, whether every kernel is right, how fast it is. All goes into results.
Set-Location $PSScriptRoot
if (Test-Path results) {
    Write-Error 'results exists already; move it away first'
    exit 2
}
New-Item -ItemType Directory results | Out-Null
$program = '.\program\Kernels.Bench.exe'
& $program doctor 2>&1 | Tee-Object results\doctor.txt
# The gate in full, on every kernel of a device; the first failure says what is wrong.
& $program verify --kernels 'flash-cuda-*,gpu-*' --json results\verify.json 2>&1 | Tee-Object results\verify.txt
$verified = $LASTEXITCODE
& $program run --suite gpu --out results\run @args 2>&1 | Tee-Object results\run.txt
$ran = $LASTEXITCODE
Compress-Archive results results.zip -Force
Write-Output "verify ended with $verified, run with $ran. Bring back results.zip."
exit [Math]::Max($verified, $ran)

# Makes a folder that runs on a machine with a GPU but without network or SDK: the program with its own .NET runtime, and a script that
# runs everything and brings back one results folder.
#   bench/gpu-check.ps1 [-Folder gpu-check] [-Runtime win-x64]      Runtime: win-x64, linux-x64, linux-arm64
param([string]$Folder = 'gpu-check', [ValidateSet('win-x64', 'linux-x64', 'linux-arm64')][string]$Runtime = 'win-x64')
if (Test-Path $Folder) {
    Write-Error "$Folder exists; give another folder"
    exit 2
}
$script = if ($Runtime -like 'win-*') { 'run.ps1' } else { 'run.sh' }
# Needs the runtime packs of that platform: from the package feed, or from the cache of an earlier time.
dotnet publish $PSScriptRoot -c Release -r $Runtime --self-contained -o "$Folder/program" -v quiet -nologo
if ($LASTEXITCODE -ne 0) {
    Write-Error "dotnet publish failed; it needs the runtime packs Microsoft.NETCore.App.Runtime.$Runtime and Microsoft.AspNetCore.App.Runtime.$Runtime"
    exit 1
}
Copy-Item "$PSScriptRoot/gpu-check/$script" "$Folder/$script"
if ($script -eq 'run.sh') {
    Copy-Item "$PSScriptRoot/gpu-check/torch_sdpa.py" $Folder
    New-Item -ItemType Directory "$Folder/ptx" | Out-Null
    Copy-Item "$PSScriptRoot/../src/Kernels.Gpu/Cuda/*.ptx" "$Folder/ptx"
}
Write-Output "Carry $Folder to the machine, run $script there, and bring back results.zip (results.tar.gz from Linux)."
Write-Output "Here, its report beside a run of this machine's processor:"
Write-Output "    dotnet run -c Release --project bench -- report results/run reports/<machine>/<run> --out merged"

# What PowerShell makes of the program: of its JSON, of names that are not ASCII, and of its completions.
$ErrorActionPreference = "Stop"
$syncro = Join-Path (Get-Location) "target/debug/syncro.exe"
$ticket = & $syncro --sandbox ticket 32181 --json | ConvertFrom-Json
if ($ticket.number -ne "32181") { throw "the ticket is not the one that was asked for" }
$customers = & $syncro --sandbox customers --json | ConvertFrom-Json
if (-not ($customers | Where-Object { $_.business_name -eq ([char]0x00D8 + "re & " + [char]0x00C5 + "nd Lydstudio") })) {
    throw "a name came through as something else"
}
& $syncro completions powershell | Out-String | Invoke-Expression
$Env:PATH = (Split-Path $syncro) + ";" + $Env:PATH
$line = "syncro --sandbox who"
$offered = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
if (-not ($offered | Where-Object { $_.CompletionText.Trim() -eq "whoami" })) { throw "nothing is completed" }
